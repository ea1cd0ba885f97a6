"""A server under load: many clients with batches and without, twice the capacity, and memory over time."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.serve.clients import Measured, ask, requests_of
from benchmarks.speed.results import table

ALONE, WARM_UP, RECOVERY = 5.0, 2.0, 2.0
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@contextmanager
def server(model: Path, *words: object) -> Iterator[tuple[int, int]]:
    """The port and the process of `unspool serve`, until the block ends."""
    command = [sys.executable, "-m", "unspool", "serve", str(model), "--port", "0", *map(str, words)]
    process = subprocess.Popen([*command, "--log-format", "json"], stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if "Listening at" in line:
            port = int(json.loads(line)["message"].rpartition(":")[2])
            break
    else:
        raise SystemExit("The server did not start.")
    drain = threading.Thread(target=process.stderr.read, daemon=True)  # a full pipe would stop it
    drain.start()
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def processor(process: int) -> float:
    """The seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """The memory that a process holds, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


@contextmanager
def memory_over_time(process: int, every: float) -> Iterator[list[float]]:
    """A list that grows while the block runs."""
    found, ended = [memory(process)], threading.Event()

    def watch() -> None:
        while not ended.wait(every):
            found.append(memory(process))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()
        found.append(memory(process))


def row(what: str, measured: Measured, spent: float) -> dict[str, Any]:
    """A line of the table. spent: the processor time of the server in seconds"""
    others = {status: count for status, count in measured.statuses.items() if status != 200}
    return {
        "what": what, "answers/s": measured.rate, "processor ms": 1000 * spent / len(measured.latencies),
        "p50 ms": measured.quantile(0.5), "p99 ms": measured.quantile(0.99), "answers": len(measured.latencies),
        "503": others.pop(503, 0), "other errors": sum(others.values()), "broken": measured.broken,
    }  # fmt: skip


def asked(what: str, port: int, process: int, requests: Sequence[bytes], *how: float) -> dict[str, Any]:
    """A line of the table of clients that ask; how: as in `ask`."""
    before = processor(process)
    measured = ask(port, requests, *how)  # type: ignore[arg-type]
    return row(what, measured, processor(process) - before)


def load(model: Path, requests: Sequence[bytes], given: argparse.Namespace) -> list[dict[str, Any]]:
    """One client, then many, with batches and without; prints how memory went."""
    rows = []
    for what, words in (("batches", []), ("no batches", ["--max-batch", 1])):
        with server(model, "--max-batch", given.max_batch, "--batch-wait", given.batch_wait, *words) as running:
            ask(running[0], requests, given.clients, WARM_UP)
            rows.append(asked(f"{what}, 1 client", *running, requests, 1, ALONE))
            with memory_over_time(running[1], max(0.5, given.seconds / 20)) as megabytes:
                rows.append(asked(f"{what}, {given.clients} clients", *running, requests, given.clients, given.seconds))
            print(f"{what}: MB of memory over {given.seconds:g} s: " + " ".join(f"{one:.0f}" for one in megabytes))
    return rows


def overload(model: Path, requests: Sequence[bytes], given: argparse.Namespace) -> list[dict[str, Any]]:
    """Twice as many clients as sources can wait or be answered at once, then one client again."""
    half = given.clients // 2
    with server(model, "--max-queue", half, "--max-sources", 1, "--max-batch", half) as running:
        ask(running[0], requests, half, WARM_UP)
        many = asked("twice what can wait", *running, requests, 2 * given.clients, given.seconds / 4, 0.02)
        return [many, asked("one client, right after", *running, requests, 1, RECOVERY)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="an exported folder")
    parser.add_argument("--sources", type=Path, help="a file of sources, one on each line; default: made-up words")
    parser.add_argument("--options", type=json.loads, default={}, help='of each question: {"beam": 5}')
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--max-batch", type=int, default=64)
    parser.add_argument("--batch-wait", default="5ms")
    parser.add_argument("--only", choices=["load", "overload"], help="default: both")
    given = parser.parse_args()
    draw = random.Random(1)
    made = ["".join(draw.choices(LETTERS, k=draw.randint(3, 10))) for _ in range(2000)]
    sources = given.sources.read_text(encoding="utf-8").splitlines() if given.sources else made
    requests = requests_of([source.partition("\t")[0] for source in sources], given.options)
    begun, rows = time.monotonic(), []
    for name, measure in (("load", load), ("overload", overload)):
        if given.only in (None, name):
            rows += measure(given.model, requests, given)
    print(table(rows))
    if given.only != "overload":
        batches, none = rows[1], rows[3]
        print(f"throughput: {batches['answers/s'] / none['answers/s']:.1f} times that without batches;", end=" ")
        print(f"p99: {batches['p99 ms'] / rows[0]['p50 ms']:.1f} times the median of one client")
    print(f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
