"""Servers over small exported models of an earlier release: in this process, or in one of their own."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keyboard import BLOCKED
from unspool.serve.keys import Keys
from unspool.serve.options import ServeOptions
from unspool.serve.service import Service

MODELS = Path(__file__).parent / "folders" / "0.1.0"
# No wait: one client is no batch.
QUICK = {"batch_wait": 0.0}


def exported(name: str) -> Path:
    return MODELS / name / "exported"


def service_of(*names: str, keys: Keys | None = None, **options: Any) -> Service:
    folders = {name: exported(name) for name in names}
    return Service(folders, ServeOptions(**QUICK | options), keys or Keys(), "cpu")


@dataclass
class Running:
    """A server in a process of its own: where it listens, and its log, an object a line."""

    process: subprocess.Popen[str]
    port: int
    log: list[dict[str, Any]]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, question: dict[str, Any], path: str = "/v1/predict") -> tuple[int, Any]:
        with self.connect() as line:
            line.sendall(request(path, question))
            return response(line)

    def get(self, path: str) -> tuple[int, Any]:
        with self.connect() as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return response(line)

    def until_logged(self, pattern: str) -> dict[str, Any]:
        assert self.process.stderr
        for line in self.process.stderr:
            assert line.startswith("{"), line
            self.log.append(json.loads(line))
            if re.search(pattern, self.log[-1]["message"]):
                return self.log[-1]
        raise AssertionError(f"it ended before it said {pattern}: {self.log}")


def request(path: str, question: dict[str, Any], *, close: bool = True) -> bytes:
    body = json.dumps(question).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return (head + "Connection: close\r\n" * close + "\r\n").encode() + body


def response(line: socket.socket) -> tuple[int, Any]:
    """The status and the body of a response, JSON or text, when the connection has ended."""
    received = b""
    while more := line.recv(65536):
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    assert head, "the connection was cut"
    text = body.decode()
    return int(head.split()[1]), json.loads(text) if b"application/json" in head else text


@contextmanager
def running(*words: object, seconds: float = 20) -> Iterator[Running]:
    """`unspool serve` with these words at a free port and without PyTorch, until the block ends."""
    command = [sys.executable, "-c", BLOCKED, "serve", *map(str, words), "--port", "0", "--log-format", "json"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    server = Running(process, 0, [])
    try:
        server.port = int(server.until_logged("Listening at")["message"].rpartition(":")[2])
        yield server
    finally:
        deadline = time.monotonic() + seconds
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(max(1, deadline - time.monotonic()))
        finally:
            process.kill()
            if process.stderr:
                process.stderr.close()
