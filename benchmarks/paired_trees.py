"""Training speed of two source trees of Unspool, alternately: has a change made training slower?

Each round trains every model once with each tree, A B, then B A, each in a separate process, from the command line, on
the same batches. The target symbols a second in `metrics.jsonl` are compared, so the trees may differ in everything
except the command line and that file.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Reports at the beginning of a run that do not count, because of compilation and warm-up.
WARM_UP = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs=2, type=Path, help="two folders that hold the package, such as src")
    parser.add_argument("--models", default="luong,bahdanau,transformer")
    parser.add_argument(
        "--data", type=Path, help="a table of words and pronunciations; default: random, similar to CMUdict"
    )
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--updates", type=int, default=60, help="of each run")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of every run")
    given = parser.parse_args()
    print("| model | A, symbols/s | B, symbols/s | B / A, median | lowest | highest |\n|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as place:
        data = given.data or made_up(Path(place) / "words.tsv")
        for model in given.models.split(","):
            pairs = [pair(given, model, data, Path(place), turned=bool(number % 2)) for number in range(given.rounds)]
            print(row(model, pairs), flush=True)


def row(model: str, pairs: list[tuple[float, float]]) -> str:
    """The medians of both trees, and the ratio of each pair."""
    speeds = [statistics.median(side) for side in zip(*pairs, strict=True)]
    ratios = [second / first for first, second in pairs]
    cells = [f"{speed:,.0f}" for speed in speeds]
    cells += [f"{ratio:.3f}" for ratio in (statistics.median(ratios), min(ratios), max(ratios))]
    return f"| {model} | {' | '.join(cells)} |"


def pair(given: argparse.Namespace, model: str, data: Path, place: Path, *, turned: bool) -> tuple[float, float]:
    """Symbols a second of both trees; turned: the second tree runs first."""
    order = list(reversed(given.trees)) if turned else given.trees
    speeds = {tree: speed(given, tree, model, data, place / "run") for tree in order}
    return speeds[given.trees[0]], speeds[given.trees[1]]


def speed(given: argparse.Namespace, tree: Path, model: str, data: Path, out: Path) -> float:
    """Target symbols a second of one run, without its first reports and its validation."""
    settings = [
        f"training.max_updates={given.updates}", f"training.validate_every={given.updates}", "training.validate_most=1",
        "decoding.max_length=5", *given.set,
    ]  # fmt: skip
    command = [sys.executable, "-m", "unspool", "train", str(data), "--out", str(out), "--model", model, "--overwrite"]
    threads = {name: str(given.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    subprocess.run(
        [*command, *(word for setting in settings for word in ("--set", setting))],
        env=os.environ | threads | {"PYTHONPATH": str(tree.absolute())}, check=True, capture_output=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    reports = [line for line in lines if line["kind"] == "train"]
    if len(reports) < WARM_UP + 2:
        raise SystemExit(f"Only {len(reports)} reports: a run takes about a second for each. Give more --updates.")
    spent = [later["seconds"] - sooner["seconds"] for sooner, later in pairwise(reports)]
    weighed = [(one["symbols_per_second"], seconds) for one, seconds in zip(reports[1:], spent, strict=True)][WARM_UP:]
    return sum(rate * seconds for rate, seconds in weighed) / sum(seconds for _, seconds in weighed)


def made_up(path: Path, words: int = 20_000) -> Path:
    """Random words of 3 to 12 letters, with a sound for most of their letters."""
    generator = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(words):
            word = "".join(generator.choices(LETTERS, k=generator.randint(3, 12)))
            sounds = [f"{letter}{LETTERS.index(letter) % 3}" for letter in word if letter not in "EH"]
            file.write(f"{word}\t{' '.join(sounds or ['X0'])}\n")
    return path


if __name__ == "__main__":
    main()
