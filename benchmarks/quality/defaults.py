"""What the defaults reach on eight tasks in a few minutes, and what named alternatives reach, with several seeds.

Each run is `unspool train` and `unspool evaluate` as a person types them. Finished ones stay in --out and are not
repeated.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.alternatives import LABEL, TEXT, words_of
from benchmarks.quality.tasks import TASKS
from benchmarks.speed import results
from benchmarks.speed.tools.unspool import Unspool

FIGURES = "figures.json"
NOTES = (
    "`unspool train DATA --valid DEV --max-minutes M --seed S` and the settings of the alternative; the figure is that "
    "of `unspool evaluate` on all of the development data, which also selected the weights.",
    "`defaults` has no setting given, no model either.",
)


@dataclass(frozen=True)
class Trial:
    """One training: a task, an alternative, a seed."""

    task: str
    alternative: str
    seed: int

    @property
    def folder(self) -> str:
        """Its name on disk."""
        return f"{self.task}-{self.alternative.replace(' ', '-')}-{self.seed}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds g2p, inflection, multi30k and classify")
    parser.add_argument("--minutes", type=float, default=5.0, help="of each training")
    parser.add_argument(
        "--updates", type=int, help="limit trainings by updates too: a busy machine changes nothing then"
    )
    parser.add_argument("--tasks", nargs="+", default=[*TASKS], choices=[*TASKS], metavar="TASK", help=", ".join(TASKS))
    names = [*dict.fromkeys([*TEXT, *LABEL])]
    parser.add_argument("--alternatives", nargs="+", default=["defaults"], choices=names, metavar="NAME",
                        help=", ".join(names))  # fmt: skip
    parser.add_argument("--seeds", nargs="+", type=int, default=[1], metavar="SEED")
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("runs/defaults"), help="keeps every run")
    given = parser.parse_args()
    absent = [file for name in given.tasks for file in TASKS[name].missing(given.data)]
    if absent:
        sys.exit(f"{given.data} lacks {', '.join(absent)}.")
    trials = [
        Trial(task, alternative, seed)
        for seed in given.seeds for task in given.tasks for alternative in given.alternatives
        if words_of(TASKS[task].kind, alternative) is not None
    ]  # fmt: skip
    print(f"{len(trials)} trainings: at most {len(trials) * (given.minutes + 0.5):.0f} minutes.", flush=True)
    figures = {trial: figure_of(trial, given) for trial in trials}
    kept = {"minutes": given.minutes, "updates": given.updates, "beam": given.beam, "seeds": given.seeds}
    results.keep("quality-defaults", [Unspool()], kept, rows_of(figures), NOTES)


def figure_of(trial: Trial, given: argparse.Namespace) -> float:
    """Train and evaluate, unless that is done; the figure in percent or points."""
    task, folder = TASKS[trial.task], given.out / trial.folder
    kept, begun = folder / FIGURES, time.monotonic()
    if not kept.exists():
        limits = ["--max-minutes", str(given.minutes), "--seed", str(trial.seed)]
        limits += ["--set", f"training.max_updates={given.updates}"] if given.updates else []
        other = words_of(task.kind, trial.alternative) or []
        unspool("train", *task.training(given.data), *limits, *other, "--out", str(folder), "--overwrite")
        beam = ["--beam", str(given.beam)] if task.kind == "text" else []
        unspool("evaluate", str(folder), *task.evaluation(given.data), *beam, "--json", str(kept))
    figure = float(json.loads(kept.read_text(encoding="utf-8"))[task.figure])
    seconds = time.monotonic() - begun
    print(f"{trial.folder:<32} {task.figure} {figure:6.2f}  in {seconds:.0f} s", flush=True)
    return figure


def rows_of(figures: dict[Trial, float]) -> list[results.Row]:
    """A row for each task and alternative: the mean over seeds, the spread, and each seed's figure."""
    groups: dict[tuple[str, str], dict[int, float]] = {}
    for trial, figure in figures.items():
        groups.setdefault((trial.task, trial.alternative), {})[trial.seed] = figure
    return [_row(task, alternative, by_seed) for (task, alternative), by_seed in sorted(groups.items(), key=_place)]


def _place(group: tuple[tuple[str, str], Any]) -> tuple[int, int]:
    task, alternative = group[0]
    return [*TASKS].index(task), [*dict.fromkeys([*TEXT, *LABEL])].index(alternative)


def _row(task: str, alternative: str, by_seed: dict[int, float]) -> results.Row:
    values = [*by_seed.values()]
    row: results.Row = {"task": task, "settings": alternative, "figure": TASKS[task].figure}
    row |= {"mean": f"{statistics.mean(values):.2f}"}
    row |= {"spread": f"{statistics.stdev(values):.2f}" if len(values) > 1 else None}
    return row | {f"seed {seed}": f"{figure:.2f}" for seed, figure in by_seed.items()}


def unspool(*words: str) -> None:
    """Run a command; one that fails ends the benchmark with what it printed."""
    done = subprocess.run([sys.executable, "-m", "unspool", *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"unspool {' '.join(words)} failed:\n{done.stderr}")


if __name__ == "__main__":
    main()
