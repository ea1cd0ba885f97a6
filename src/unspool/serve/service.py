"""What a server does, without a word of HTTP: it admits questions, and loads models again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from unspool.errors import Mistake, nearest
from unspool.serve.admission import job_of, trace_job_of
from unspool.serve.failures import Failure
from unspool.serve.forecast_admission import forecast_job_of
from unspool.serve.forecast_schema import ForecastRequest
from unspool.serve.job import Inbox
from unspool.serve.keys import Keys
from unspool.serve.logs import LOG
from unspool.serve.metrics import Metrics
from unspool.serve.options import ServeOptions
from unspool.serve.schema import Asked
from unspool.serve.served import Served
from unspool.serve.trace_schema import TraceRequest
from unspool.serve.waiting import Waiting

# How often folders are looked at, in seconds.
LOOKS = 2.0


class Service:
    """The models that are served, by name; the first is the default.

    watches: whether a model is loaded again when its files change
    """

    def __init__(
        self,
        folders: Mapping[str, Path],
        options: ServeOptions,
        keys: Keys,
        device: str = "auto",
        *,
        watches: bool = False,
    ) -> None:
        self.options, self.keys, self.watches, self.metrics = options, keys, watches, Metrics()
        self.models = {
            name: Served(name, folder, options, device, self.metrics.batch) for name, folder in folders.items()
        }
        for name, served in self.models.items():
            self.metrics.watch_queue(name, served.batcher.count)
        self._reloading = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether every model answers."""
        return all(served.batcher.alive for served in self.models.values())

    def model(self, name: str | None) -> Served:
        """A model by its name; None: the first."""
        if name is None:
            return next(iter(self.models.values()))
        if name not in self.models:
            raise Failure(404, f"There is no model '{name[:60]}'.", nearest(name, self.models))
        return self.models[name]

    def ask(self, asked: Asked) -> tuple[Served, Waiting]:
        """Queue a question; one that is not admitted is a `Failure` or a `Mistake`."""
        served, inbox = self.model(asked.model), Inbox()
        job = job_of(asked, served, self.options, inbox)
        served.batcher.submit(job)
        return served, Waiting(job, inbox, str(served.folder))

    def trace(self, asked: TraceRequest) -> tuple[Served, Waiting]:
        """Queue a question about how one source is answered; as `ask`."""
        served, inbox = self.model(asked.model), Inbox()
        job = trace_job_of(asked, served, self.options, inbox)
        served.batcher.submit(job)
        return served, Waiting(job, inbox, str(served.folder))

    def forecast(self, asked: ForecastRequest) -> tuple[Served, Waiting]:
        """Queue a question about what comes next; as `ask`."""
        served, inbox = self.model(asked.model), Inbox()
        job = forecast_job_of(asked, served, self.options, inbox)
        served.batcher.submit(job)
        return served, Waiting(job, inbox, str(served.folder))

    async def reload(self, name: str | None = None) -> list[str]:
        """Load a model, or all, again, while requests go on; returns their names.

        One that cannot be loaded stays as it is, and the reason is a `Mistake`.
        """
        wanted = [self.model(name)] if name is not None else list(self.models.values())
        async with self._reloading:
            for served in wanted:
                try:
                    await asyncio.to_thread(served.reload)
                except Exception:
                    self.metrics.reload(served.name, good=False)
                    raise
                self.metrics.reload(served.name, good=True)
        return [served.name for served in wanted]

    async def try_reload(self, name: str | None = None) -> None:
        """The same where nobody waits for an answer: what goes wrong is logged."""
        try:
            await self.reload(name)
        except Mistake as mistake:
            LOG.error("A model could not be loaded again, and stays as it is: %s %s", mistake.what, mistake.remedy)
        except Exception:
            LOG.exception("A model could not be loaded again, and stays as it is.")

    async def watch(self) -> None:
        """Load models again when their files change, until cancelled."""
        while True:
            await asyncio.sleep(LOOKS)
            for served in self.models.values():
                if await asyncio.to_thread(served.changed):
                    await self.try_reload(served.name)

    def start(self) -> None:
        """Begin to answer."""
        for served in self.models.values():
            served.batcher.start()

    def close(self, seconds: float = 0.0) -> None:
        """End the models' threads after what they have begun; wait at most for so long."""
        for served in self.models.values():
            served.batcher.close()
        for served in self.models.values():
            served.batcher.join(seconds)
