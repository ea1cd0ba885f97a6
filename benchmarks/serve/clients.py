"""Clients that ask a server as fast as it answers, with as little work of their own as can be: one socket each."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Measured:
    """What clients saw: seconds of each answer with status 200, all statuses, and how long they asked."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, q: float) -> float:
        """A quantile of the latencies in milliseconds."""
        return 1000 * sorted(self.latencies)[min(len(self.latencies) - 1, int(q * len(self.latencies)))]


def requests_of(sources: Sequence[str], options: dict[str, Any]) -> list[bytes]:
    """Whole requests, one for each source."""
    return [_request({"source": source} | options) for source in sources]


def _request(question: dict[str, Any]) -> bytes:
    body = json.dumps(question).encode()
    head = "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def ask(port: int, requests: Sequence[bytes], clients: int, seconds: float, pause: float = 0.0) -> Measured:
    """Let so many clients ask for so long, each its next question when it has its answer.

    pause: seconds that a client waits after a refusal
    """
    return asyncio.run(_ask(port, requests, clients, seconds, pause))


async def _ask(port: int, requests: Sequence[bytes], clients: int, seconds: float, pause: float) -> Measured:
    measured, begun = Measured(), time.perf_counter()
    ends = begun + seconds
    shares = [requests[client::clients] or requests for client in range(clients)]
    await asyncio.gather(*(_client(port, share, ends, pause, measured) for share in shares))
    measured.seconds = time.perf_counter() - begun
    return measured


async def _client(port: int, requests: Sequence[bytes], ends: float, pause: float, measured: Measured) -> None:
    number, line = 0, None
    while time.perf_counter() < ends:
        try:
            line = line or await asyncio.open_connection("127.0.0.1", port)
            begun = time.perf_counter()
            status = await _exchange(*line, requests[number % len(requests)])
        except (OSError, asyncio.IncompleteReadError):
            measured.broken += 1
            line = None
            continue
        number += 1
        measured.statuses[status] += 1
        if status == 200:
            measured.latencies.append(time.perf_counter() - begun)
        elif pause:
            await asyncio.sleep(pause)
    if line:
        line[1].close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])
