"""Two minutes for each model: train, predict, export, predict without PyTorch, all from the command line.

Sequence-to-sequence models are trained on CMUdict (letters to sounds), a tagger on the kinds of letters, classifier and
han on the classes of texts, graves on running text.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import results
from benchmarks.speed.tools.unspool import Unspool
from unspool.models.registry import entry_of, models

WITHOUT_TORCH = "import sys; sys.modules['torch'] = None; from unspool.cli.main import main; main()"
NOTES = (
    "`unspool train … --max-minutes`, `predict`, `export --to onnx`, and `predict` of the exported folder in a process "
    "in which PyTorch cannot be imported. `alike`: the number of equal answers.",
    "One seed, default settings; the figure is the last one on the validation data.",
)


@dataclass(frozen=True)
class Task:
    """The training data of a model, and lines to predict."""

    train: list[str]
    ask: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=sorted(models()), help="default: all")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="holds g2p, classify and text")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--lines", type=int, default=200, help="lines that each model answers")
    given = parser.parse_args()
    print(f"{len(given.models)} models: about {len(given.models) * (given.minutes + 0.7):.0f} minutes.", flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for name in given.models:
            rows.append(row(name, task_of(name, given.data, Path(place), given.lines), Path(place), given.minutes))
            print(rows[-1], flush=True)
    print(results.keep("two-minutes", [Unspool()], {"minutes": given.minutes}, rows, NOTES))


def task_of(name: str, data: Path, place: Path, lines: int) -> Task:
    """The data that suits the task of a model."""
    writes = entry_of(name).task.target
    if writes == "running_text":
        text = data / "text" / "tinyshakespeare.txt"
        return Task([str(text)], [line for line in _lines(text) if line][:lines])
    if writes == "label":
        table, dev = (data / "classify" / f"nsmc-ko.{part}.tsv" for part in ("train", "dev"))
        return Task([str(table), "--valid", str(dev)], [line.partition("\t")[0] for line in _lines(dev)][:lines])
    table, dev = (data / "g2p" / f"cmudict-g014b2b.{part}.tsv" for part in ("train", "dev"))
    words = [line.partition("\t")[0] for line in _lines(dev)][:lines]
    if writes != "tags":
        return Task([str(table), "--valid", str(dev)], words)
    vowels = place / "vowels.tsv"
    vowels.write_text("".join(f"{word}\t{spelled}\n" for word, spelled in _vowels(_lines(table))), encoding="utf-8")
    return Task([str(vowels), "--set", "data.source_tokenizer=chars", "--set", "data.target_tokenizer=words"], words)


def _vowels(rows: list[str]) -> Iterator[tuple[str, str]]:
    """Each letter of a word, and whether it is a vowel after a consonant, a vowel after a vowel, or no vowel."""
    for word in dict.fromkeys(row.partition("\t")[0] for row in rows):
        kinds = ["v" if letter in "AEIOUaeiou" else "c" for letter in word]
        yield word, " ".join(a + b for a, b in zip(["c", *kinds], kinds, strict=False))


def row(name: str, task: Task, place: Path, minutes: float) -> results.Row:
    """Train, predict, export, predict."""
    run, shipped = place / name, place / f"{name}-shipped"
    ask = "\n".join(task.ask) + "\n"
    unspool("train", *task.train, "--model", name, "--out", str(run), "--max-minutes", str(minutes))
    own = unspool("predict", str(run), ask=ask).splitlines()
    unspool("export", str(run), "--to", "onnx", "--out", str(shipped))
    without = unspool("predict", str(shipped), ask=ask, torch=False).splitlines()
    alike = sum(one == other for one, other in zip(own, without, strict=True))
    metric, best = _best(run)
    return {"model": name, "metric": metric, "figure": best, "lines": len(own), "alike": alike}


def unspool(*arguments: str, ask: str = "", torch: bool = True) -> str:
    """The output of a command; raises an error if it fails."""
    program = ["-m", "unspool"] if torch else ["-c", WITHOUT_TORCH]
    done = subprocess.run(
        [sys.executable, *program, *arguments], input=ask, capture_output=True, text=True, env=os.environ
    )
    if done.returncode:
        sys.exit(f"unspool {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def _best(run: Path) -> tuple[str, Any]:
    """The first metric of the validations, and its last value."""
    lines = [json.loads(line) for line in _lines(run / "metrics.jsonl")]
    last = [line for line in lines if line["kind"] == "valid"][-1]
    return next((name, value) for name, value in last.items() if name not in ("kind", "epoch", "update", "n"))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        sys.exit(f"{path} is missing: --data is to be the folder that holds g2p, classify and text.")


if __name__ == "__main__":
    main()
