"""The sockets of a server: each connection is bounded in time, also against clients that send or read slowly.

`uvicorn` is imported here only; it reads requests with httptools, and loops with uvloop where there is one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from unspool.errors import Mistake
from unspool.serve.options import ServeOptions

# Seconds beyond the time-out of a request in which a client has to read its answer.
READING = 30.0
# The most bytes of a request's line and headers.
HEADERS = 32 << 10
BACKLOG = 1024
# Connections beyond the limit are told so. Beyond so many times the limit they are cut, since each takes a socket.
FAR_TOO_MANY = 2


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 in which nothing lasts for ever: headers, a request, its answer, and the time to the next request.

    Whatever takes longer is cut without a word, because a client that does not read would not read that either.
    """

    options = ServeOptions()
    crowded: Any = None  # the application that answers connections beyond `max_connections`
    _end: asyncio.TimerHandle | None = None
    _received = 0  # bytes since the last request began

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        if len(self.connections) > FAR_TOO_MANY * self.options.max_connections:
            self._cut()
            return
        if len(self.connections) > self.options.max_connections:
            self.app = self.crowded
        self._bound(self.options.read_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        before = self.cycle
        is_body = before is not None and before.more_body  # asked first: the last piece of a body ends it
        self._received += len(data)
        super().data_received(data)
        if self.cycle is not before:
            self._bound_by_state()
        if self.cycle is not before or is_body:
            self._received = 0  # a body has bounds of its own
        elif self._received > HEADERS:
            self._cut()

    def on_response_complete(self) -> None:
        """See `HttpToolsProtocol`; a pipelined request begins in it."""
        super().on_response_complete()
        self._bound_by_state()

    def _bound_by_state(self) -> None:
        options, running = self.options, not self.cycle.response_complete
        after = options.timeout + READING if running else options.idle_timeout
        self._bound(options.read_timeout + after)

    def _bound(self, seconds: float) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = self.loop.call_later(seconds, self._cut)

    def _cut(self) -> None:
        self.transport.abort()


class BoundedServer(uvicorn.Server):
    """A server that tells when it listens, and listens to SIGHUP."""

    def __init__(
        self, config: uvicorn.Config, on_listening: Callable[[], object], on_hangup: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._on_listening, self._on_hangup = on_listening, on_hangup

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server`."""
        await super().startup(sockets)
        if hasattr(signal, "SIGHUP"):
            with suppress(NotImplementedError, RuntimeError, ValueError):  # not in the main thread, or no Unix
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._on_hangup)
        self._on_listening()


def bind(host: str, port: int) -> socket.socket:
    """A socket that is bound, and refuses clients until the server runs; an address that cannot be had is a `Mistake`.

    port: 0 is any free one
    """
    try:
        [(family, kind, _, _, address), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        bound = socket.socket(family, kind)
        with ExitStack() as unless_bound:
            unless_bound.enter_context(bound)
            if os.name == "posix":  # elsewhere it would let two servers share an address
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            unless_bound.pop_all()
    except (OSError, UnicodeError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        what = f"The server cannot listen at {host}, port {port}: {reason}."
        raise Mistake(what, "Choose another: --port 8081, or --host 127.0.0.1") from None
    return bound


def run(
    app: Any,
    crowded: Any,
    bound: socket.socket,
    options: ServeOptions,
    on_listening: Callable[[], object],
    on_hangup: Callable[[], object],
) -> None:
    """Serve an application until SIGTERM or SIGINT; requests that are running then are finished, within `grace`.

    crowded: the application of connections beyond `max_connections`
    """
    protocol = type("Protocol", (BoundedProtocol,), {"options": options, "crowded": staticmethod(crowded)})
    config = uvicorn.Config(
        app, http=protocol, ws="none", lifespan="on", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, backlog=BACKLOG,
        timeout_keep_alive=max(1, round(options.idle_timeout)),
        timeout_graceful_shutdown=max(1, round(options.grace)),
    )  # fmt: skip
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a client that hangs up ends its request, and not the server
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again when it has ended well
    with suppress(KeyboardInterrupt):
        BoundedServer(config, on_listening, on_hangup).run([bound])
