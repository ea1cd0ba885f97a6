"""What a server counts, for Prometheus. `prometheus_client` is imported here only."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
SOURCES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """Counters of one server; several servers in a process do not share them."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter("unspool_requests", "Answered requests", ["path", "status"], registry=registry)
        self._seconds = Histogram(
            "unspool_request_seconds",
            "Seconds from a request to its answer",
            ["path"],
            buckets=SECONDS,
            registry=registry,
        )
        self._running = Gauge("unspool_requests_running", "Requests that have no answer yet", registry=registry)
        self._batches = Histogram(
            "unspool_batch_sources", "Sources answered together", ["model"], buckets=SOURCES, registry=registry
        )
        self._busy = Counter("unspool_model_seconds", "Seconds in which a model answered", ["model"], registry=registry)
        self._waiting = Gauge("unspool_waiting_sources", "Sources that wait for a model", ["model"], registry=registry)
        self._reloads = Counter("unspool_reloads", "Reloads of a model", ["model", "result"], registry=registry)

    def begin(self) -> None:
        """A request has come."""
        self._running.inc()

    def end(self, path: str, status: int, seconds: float) -> None:
        """It has its answer. path: one of the server's own, so that there are few"""
        self._running.dec()
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def batch(self, model: str, sources: int, seconds: float) -> None:
        """A batch was answered."""
        self._batches.labels(model).observe(sources)
        self._busy.labels(model).inc(seconds)

    def reload(self, model: str, *, good: bool) -> None:
        """A model was loaded again, or could not be."""
        self._reloads.labels(model, "good" if good else "failed").inc()

    def watch_queue(self, model: str, waiting: Callable[[], float]) -> None:
        """Ask for the length of a queue whenever metrics are read."""
        self._waiting.labels(model).set_function(waiting)

    def render(self) -> bytes:
        """All of them, in the text format of Prometheus."""
        return generate_latest(self._registry)
