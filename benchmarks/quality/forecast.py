"""Forecasts of M4's hourly and weekly series, beside the seasonal naive forecast and exponential smoothing.

The last 48 hours, and the last 13 weeks, are the test; training never sees them. OWA and MASE have M4's seasons, 24 for
hours and 1 for weeks. Trainings with several seeds are measured one by one, and together as an ensemble.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import results
from benchmarks.speed.tools.unspool import Unspool
from unspool import folder as disk
from unspool.config.values import assign, read_config
from unspool.forecasts import forecasting
from unspool.forecasts.evaluation import ForecastEvaluation, evaluate_forecaster
from unspool.forecasts.forecaster import load_forecaster
from unspool.series.reading import read_series
from unspool.series.series import SeriesTable

SHOWN = ("mase", "smape", "owa", "crps", "coverage", "width")
NOTES = (
    "`unspool train SERIES.csv --horizon H --season SEASON --max-minutes M --seed S` on all but the last H steps, then "
    "the metrics on those. `ensemble`: the quantiles of all seeds, averaged. Intervals are those of 90 %.",
    "OWA of 1 is M4's Naive 2. The competition's winner had 0.440 (hours) and 0.851 (weeks) on "
    "the true test, which is another.",
)


@dataclass(frozen=True)
class M4:
    """One frequency of the competition: its file, horizon and seasons; `scored`: the season of its metrics."""

    file: str
    horizon: int
    season: str
    scored: str


SETS = {"hourly": M4("m4-hourly.train.csv", 48, "24,168", "24"), "weekly": M4("m4-weekly.train.csv", 13, "52", "1")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds m4-hourly.train.csv and m4-weekly.train.csv")
    parser.add_argument("--sets", nargs="+", default=[*SETS], choices=[*SETS])
    parser.add_argument("--minutes", type=float, default=4.0, help="of each training")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], metavar="SEED")
    parser.add_argument("--config", type=Path, help="a file of settings, such as configs/m4-deepar.toml")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--out", type=Path, default=Path("runs/m4"), help="keeps every run")
    given = parser.parse_args()
    absent = [SETS[name].file for name in given.sets if not (given.data / SETS[name].file).exists()]
    if absent:
        sys.exit(f"{given.data} lacks {', '.join(absent)}.")
    count = len(given.sets) * len(given.seeds)
    print(f"{count} trainings: about {count * (given.minutes + 1):.0f} minutes.", flush=True)
    rows = [row for name in given.sets for row in rows_of(name, given)]
    options = {"minutes": given.minutes, "seeds": given.seeds, "set": given.settings}
    options |= {"config": given.config.name} if given.config else {}
    print(results.keep("forecast", [Unspool()], options, rows, NOTES))


def rows_of(name: str, given: Any) -> list[dict[str, Any]]:
    """The figures of each seed, of the ensemble, and of the rivals."""
    task = SETS[name]
    table = read_series(given.data / task.file)
    known = SeriesTable([one.until(len(one) - task.horizon) for one in table.series])
    folders = [given.out / f"{name}-{seed}" for seed in given.seeds]
    for folder, seed in zip(folders, given.seeds, strict=True):
        train(known, folder, seed, task, given)
    rows: list[dict[str, Any]] = []
    for folder, seed in zip(folders, given.seeds, strict=True):
        rows.append(row(name, f"seed {seed}", [folder], table, task)[0])
        print(rows[-1], flush=True)
    last, found = row(name, "ensemble", folders, table, task)
    rows += [last] if len(folders) > 1 else []
    rows += [figures(name, rival, found.rival_json(rival)) for rival in found.rivals]
    print(*rows[-1 - len(found.rivals) :], found.verdict(), sep="\n", flush=True)
    return rows


def train(known: SeriesTable, folder: Path, seed: int, task: M4, given: Any) -> None:
    """Train with a seed, unless it was done before."""
    if (folder / disk.CALIBRATION).exists():
        return
    values = read_config(given.config) if given.config else {}
    values["series"] = {"horizon": task.horizon, "season": task.season}
    values["training"] = values.get("training", {}) | {"max_minutes": given.minutes}
    values["seed"] = seed
    for setting in given.settings:
        assign(values, setting)
    begun = time.perf_counter()
    forecasting.begin(known, folder, values, overwrite=True, on_report=lambda report: None, on_message=print)
    print(f"{folder}: {time.perf_counter() - begun:.0f} s", flush=True)


def row(
    name: str, method: str, folders: list[Path], table: SeriesTable, task: M4
) -> tuple[dict[str, Any], ForecastEvaluation]:
    """The figures of a model, or of an ensemble."""
    found = evaluate_forecaster(load_forecaster(folders), table.series, season=task.scored)
    return figures(name, method, found.to_json()), found


def figures(name: str, method: str, flat: dict[str, Any]) -> dict[str, Any]:
    """A row of the table."""
    return {"series": name, "method": method, **{metric: round(flat[metric], 3) for metric in SHOWN}}


if __name__ == "__main__":
    main()
