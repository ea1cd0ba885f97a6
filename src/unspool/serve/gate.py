"""What every request passes: it shows its key, arrives within a size and a time, and is counted and logged."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from unspool.serve.failures import GONE, Failure, client_gone, failure_of
from unspool.serve.logs import FIELDS, LOG
from unspool.serve.page import page_files
from unspool.serve.rendering import dumps
from unspool.serve.service import Service

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

# Paths that need no key: they say nothing about what models answer.
OPEN = ("/health", "/ready", "/openapi.json", *page_files())
PATHS = (
    "/",
    "/health",
    "/ready",
    "/openapi.json",
    "/metrics",
    "/v1/models",
    "/v1/predict",
    "/v1/explain",
    "/v1/trace",
    "/v1/forecast",
    "/v1/reload",
)


# The names of requests. They need to differ, not to be secret, and the system's own source costs a system call.
NAMES = random.Random()


class Exchange:
    """One request and its response, as the log and the metrics see it."""

    def __init__(self, send: Send) -> None:
        self.id, self.begun, self.status, self._send = f"{NAMES.getrandbits(64):016x}", time.perf_counter(), 0, send

    async def send(self, message: Message) -> None:
        """Pass a message on; a response says which request it answers, and that its type is not to be guessed."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            extra = [(b"x-request-id", self.id.encode()), (b"x-content-type-options", b"nosniff")]
            message = {**message, "headers": [*message.get("headers", ()), *extra]}
        await self._send(message)

    async def fail(self, failure: Failure, *, close: bool = False) -> None:
        """Respond with a failure. close: the connection, too"""
        if failure.status == GONE:
            self.status = GONE
            return
        body = dumps(failure.to_json())
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))} | failure.headers
        headers |= {"Connection": "close"} if close else {}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": failure.status, "headers": raw})
        await self.send({"type": "http.response.body", "body": body})


class Gate:
    """An ASGI application around the server's own."""

    def __init__(self, app: App, service: Service) -> None:
        self.app, self.service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = Exchange(send)
        scope.setdefault("state", {})
        self.service.metrics.begin()
        try:
            await self._pass(scope, receive, exchange)
        except Failure as failure:
            await exchange.fail(failure)
        except Exception as error:
            LOG.exception("request %s failed", exchange.id)
            if exchange.status:
                raise  # too late for another status: the connection is cut
            await exchange.fail(failure_of(error))
        finally:
            record(self.service, scope, exchange)

    async def _pass(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        headers = dict(scope["headers"])
        if scope["path"] not in OPEN and not self.service.keys.accept(headers.get(b"authorization")):
            raise Failure(401, "This needs an API key.", "Send it as a header: Authorization: Bearer KEY")
        if scope["method"] in ("POST", "PUT", "PATCH"):
            receive = await self._read(headers, receive)
        await self.app(scope, receive, exchange.send)

    async def _read(self, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        """Read a whole body, within its bounds; returns what hands it on."""
        options = self.service.options
        too_large = Failure(
            413, f"A request may have {options.max_body:,} bytes, and this one has more.", "Send several smaller ones."
        )
        length = headers.get(b"content-length", b"")
        if length.isdigit() and (len(length) > 18 or int(length) > options.max_body):
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(options.read_timeout):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise client_gone()
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > options.max_body:
                        raise too_large
        except TimeoutError:
            what = f"The request did not arrive within {options.read_timeout:g} seconds."
            raise Failure(408, what, "Send it faster, or a smaller one.") from None
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def again() -> Message:
            return whole.pop() if whole else await receive()

        return again


class Crowded:
    """An ASGI application for a connection beyond the limit: whether the server lives is answered, and nothing else."""

    def __init__(self, app: App, service: Service) -> None:
        self.app, self.service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say when to come again, and close the connection."""
        if scope["path"] in ("/health", "/ready"):
            await self.app(scope, receive, send)
            return
        exchange = Exchange(send)
        scope.setdefault("state", {})
        self.service.metrics.begin()
        what = f"The server has {self.service.options.max_connections:,} connections already."
        await exchange.fail(Failure(503, what, "Ask again in a moment.", retry_after=1), close=True)
        record(self.service, scope, exchange)


def record(service: Service, scope: Scope, exchange: Exchange) -> None:
    """Count a request that has ended, and log it."""
    seconds = time.perf_counter() - exchange.begun
    path = scope["path"] if scope["path"] in PATHS else "other"
    status = exchange.status or GONE
    service.metrics.end(path, status, seconds)
    known = {name: scope["state"][name] for name in ("model", "sources") if name in scope["state"]}
    fields = {
        "request": exchange.id,
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "seconds": round(seconds, 6),
        **known,
    }
    told = f"{scope['method']} {scope['path'][:100]} {status} in {1000 * seconds:.1f} ms"
    LOG.info("%s", told, extra={FIELDS: fields})
