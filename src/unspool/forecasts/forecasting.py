"""A forecaster is trained as every model is: on windows of history and windows of future, in an ordinary folder.

What is special comes before and after: series become windows, and held-out windows calibrate the intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool import runs
from unspool.arguments import path_of
from unspool.config import DataConfig, validated
from unspool.config.series import SeriesConfig
from unspool.config.values import configuration, merged
from unspool.data.arrays import read_arrays, write_arrays
from unspool.data.inputs import Files
from unspool.data.spool import spooled
from unspool.errors import Mistake
from unspool.fitting import Run, Show
from unspool.forecasts.forecaster import Forecaster, load_forecaster, quantiles_of
from unspool.loading import load_predictor
from unspool.screens.training import TrainingScreen
from unspool.series.calibration import calibrate
from unspool.series.defaults import LIMITS, MINUTES, SETTINGS
from unspool.series.examples import completed, split_windows
from unspool.series.reading import dialect_of, read_series
from unspool.series.series import SeriesTable
from unspool.series.shape import shape_of
from unspool.setup.ready_run import Tell
from unspool.training.progress import Report


def train_forecaster(
    data: Any,
    *,
    out: str | Path,
    horizon: int,
    season: str | None = None,
    model: str | None = None,
    settings: Mapping[str, Any] | None = None,
    max_minutes: float | None = None,
    seed: int | None = None,
    overwrite: bool = False,
    progress: bool = True,
) -> Forecaster:
    """Train on series, calibrate, and return the forecaster, which is also in the folder `out`.

    data:     a CSV's path, a data frame or a dict of columns: `unique_id`, `ds`, `y`, and covariates
    horizon:  steps to forecast
    season:   steps of a season, or of several: "24,168"; default: from the dates or the values
    settings: as `--set` takes them, for example `{"series.known": "price", "model.size": 64}`
    progress: show progress and messages, on stderr or in the notebook
    Raises `Mistake` if the data or a setting breaks a rule, and `Interrupted` after an interruption, with all saved.
    """
    given = {"series.horizon": horizon, "series.season": season, "model.name": model, "seed": seed}
    values = configuration(None, [], dict(settings or {}) | given | {"training.max_minutes": max_minutes})
    screen = TrainingScreen() if progress else None
    folder = path_of(out, "out")
    with screen or nullcontext():
        begin(
            read(data, values), folder, values, overwrite=overwrite, on_report=screen or (lambda report: None),
            on_message=screen.say if screen else (lambda message: None),
        )  # fmt: skip
    return load_forecaster(folder)


def begin(
    table: SeriesTable,
    out: Path,
    values: Mapping[str, Any],
    *,
    overwrite: bool = False,
    on_report: Show,
    on_message: Tell,
) -> Run:
    """Train on a table of series, calibrate on its held-out windows, and write a folder.

    values: plain values of settings, as `config.resolve` takes them; `series.horizon` must be there
    """
    disk.refuse_taken(out, overwrite)
    config = completed(table, _series(values))
    split = split_windows(table, config)
    for message in [*table.messages, *split.messages]:
        on_message(message)
    kept = False

    def keep_windows(report: Report | None = None) -> None:
        """From the first report on, the run is in its folder, and so a resumed one finds what calibrates it."""
        nonlocal kept
        if not kept:
            write_arrays(out / disk.HELD_OUT, split.calibration.sources, split.calibration.targets)
            kept = True
        if report:
            on_report(report)

    settings = _settings(values, config)
    with spooled() as spool:
        parts = ((split.training, "training"), (split.validation, "validation"))
        files = Files(*((spool.file(part.pairs(), name),) for part, name in parts), spool=spool.folder)
        run = runs.begin(files, out, settings, overwrite=overwrite, on_report=keep_windows, on_message=on_message)
    keep_windows()
    calibrate_folder(out)
    return run


def resume(out: Path, changes: dict[str, Any], files: Files | None = None, *, on_report: Show, on_message: Tell) -> Run:
    """Continue a stopped run, and calibrate it anew; its windows are in the folder."""
    if files is not None:
        raise Mistake("A forecaster keeps its windows in its folder.", "Leave the data out: --resume --out DIR")
    if not (out / disk.HELD_OUT).exists():
        what = f"{out / disk.HELD_OUT} is missing, and without its windows intervals cannot be calibrated."
        raise Mistake(what, "Restore it, or start again with the series: --overwrite")
    run = runs.resume(out, changes, None, on_report=on_report, on_message=on_message)
    calibrate_folder(out)
    return run


def read(data: Any, values: Mapping[str, Any]) -> SeriesTable:
    """A table of series, written as the settings say, with the covariates that they name."""
    config = _series(values)
    past, known = (
        None if names is None else [*filter(None, names.split(","))] for names in (config.past, config.known)
    )
    dialect = dialect_of(validated(DataConfig, values.get("data", {}), "data"))
    return read_series(data, past=past, known=known or (), dialect=dialect)


def calibrate_folder(out: Path) -> None:
    """Write the factors of the intervals of a trained folder, from the windows that it holds for that."""
    sources, targets = read_arrays([out / disk.HELD_OUT])
    predictor = load_predictor([out])
    blocks = shape_of(predictor.config.series).blocks
    found = calibrate(quantiles_of(predictor, sources, blocks), np.stack(targets).reshape(len(targets), -1))
    disk.write_json(out / disk.CALIBRATION, found.to_json())


def _series(values: Mapping[str, Any]) -> SeriesConfig:
    return validated(SeriesConfig, values.get("series", {}), "series")


def _settings(values: Mapping[str, Any], config: SeriesConfig) -> dict[str, Any]:
    """All settings: the defaults of a forecaster, beneath what was given, with what the table decided."""
    model = values.get("model", {})
    given = dict(values) | {"model": {"name": model} if isinstance(model, str) else model}
    limits = {} if LIMITS & {*values.get("training", {})} else {"max_minutes": MINUTES}
    defaults = SETTINGS | {"training": SETTINGS["training"] | limits}
    return merged(merged(defaults, given), {"series": config.model_dump()})
