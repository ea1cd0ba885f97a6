"""Where an update of a small network goes, alone and beside a busy program: forward, backward, optimizer, and the rest.

Each tree of sources trains the configuration in its own process, alternately (A B, then B A), on the same batches.
Milliseconds are wall time and, in brackets, processor time of all threads; the shares are those of the last tree.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.busy_neighbour import neighbour
from benchmarks.paired_trees import made_up

ROOT = Path(__file__).parent.parent
WARM_UP = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path, default=[ROOT / "src"], help="folders that hold the package")
    parser.add_argument("--config", type=Path, default=ROOT / "configs/cmudict-quick.toml")
    parser.add_argument("--data", type=Path, help="a table of pairs; default: random words, similar to CMUdict")
    parser.add_argument("--updates", type=int, default=40, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--busy", action="store_true", help="only beside a busy program; default: both")
    parser.add_argument("--alone", action="store_true", help="only alone; default: both")
    given = parser.parse_args()
    for busy in (False, True):
        if not (given.alone and busy) and not (given.busy and not busy):
            print(f"{'Beside a busy program' if busy else 'Alone'}, {given.threads} threads:", flush=True)
            compare(given, busy)


def compare(given: argparse.Namespace, busy: bool) -> None:
    """Print a line for each tree, the ratio of both, and the shares of the last one."""
    with tempfile.TemporaryDirectory() as place:
        data = given.data or made_up(Path(place) / "words.tsv")
        rounds = []
        for number in range(given.rounds):
            order = given.trees if number % 2 == 0 else given.trees[::-1]
            with neighbour(busy):
                rounds.append({tree: child(given, tree, data) for tree in order})
    for tree in given.trees:
        wall, cpu = (statistics.median(each[tree][kind] for each in rounds) for kind in ("wall", "cpu"))
        print(f"  {tree}: {wall:.0f} ms an update ({cpu:.0f})")
    if len(given.trees) == 2:
        for kind in ("wall", "cpu"):
            ratios = [each[given.trees[0]][kind] / each[given.trees[1]][kind] for each in rounds]
            print(f"  {kind}: {statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})")
    last = rounds[-1][given.trees[-1]]
    for part, spent in last["parts"].items():
        print(f"  {part:<10}{spent:8.1f} ms {100 * spent / last['wall']:5.1f} %")


def child(given: argparse.Namespace, tree: Path, data: Path) -> dict[str, Any]:
    """The figures of one process."""
    threads = {name: str(given.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    path = os.pathsep.join(map(str, (tree.absolute(), ROOT)))
    command = [sys.executable, "-m", "benchmarks.update", "measure", str(given.config), str(data), str(given.updates)]
    done = subprocess.run(
        command, env=os.environ | threads | {"PYTHONPATH": path}, stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(config: str, data: str, updates: int) -> None:
    """Train, and print the milliseconds of an update and of its parts as JSON."""
    from unspool.cli.processor import configure_process

    configure_process()
    from torch import Tensor

    from unspool.config import resolve
    from unspool.data.inputs import Files
    from unspool.runs import new_run
    from unspool.training import loop
    from unspool.training.clock import Clock
    from unspool.training.progress import Progress

    run = new_run(Files(data=(Path(data),)), resolve(tomllib.loads(Path(config).read_text())), lambda message: None)
    state, progress, settings = run.state, Progress(), run.config.training
    clock, spent = Clock(settings, progress, len(run.batches)), dict[str, float]()
    for name, owner, method in (
        ("batches", run.batches, "take"), ("forward", loop, "likelihood"), ("backward", Tensor, "backward"),
        ("clipping", loop, "clip"), ("optimizer", state.optimizer, "step"), ("average", state.average, "update"),
    ):  # fmt: skip
        setattr(owner, method, timed(getattr(owner, method), name, spent))
    for update in range(WARM_UP + updates):
        if update == WARM_UP:
            spent.clear()
            wall, cpu = time.perf_counter(), time.process_time()
        group = run.batches.take(progress, settings.accumulate)
        loop.train_step(state, group, settings.learning_rate, settings, progress, clock)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    parts = spent | {"the rest": wall - sum(spent.values())}
    figures = {"wall": wall, "cpu": cpu, "parts": parts}
    print(json.dumps(each(figures, 1000 / updates)))


def timed(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    """The function, whose seconds in the main thread are added up under this name."""

    @contextmanager
    def clocked() -> Iterator[None]:
        begun = time.perf_counter()
        yield
        if threading.current_thread() is threading.main_thread():
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

    return clocked()(function)


def each(figures: Any, factor: float) -> Any:
    """All numbers of a tree of dicts, multiplied."""
    return (
        {key: each(value, factor) for key, value in figures.items()} if isinstance(figures, dict) else figures * factor
    )


if __name__ == "__main__":
    measure(*sys.argv[2:4], int(sys.argv[4])) if sys.argv[1:2] == ["measure"] else main()
