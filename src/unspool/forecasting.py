"""A forecaster is trained as every model is: on windows of history and windows of future, in an ordinary folder.

What is special comes before and after: series become windows, and held-out windows calibrate the intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool import runs
from unspool.config import validated
from unspool.config.series import SeriesConfig
from unspool.config.values import merged
from unspool.data.arrays import read_arrays, write_arrays
from unspool.data.dialect import Dialect
from unspool.data.inputs import Files
from unspool.data.spool import spooled
from unspool.errors import Mistake
from unspool.fitting import Run, Show
from unspool.forecaster import quantiles_of
from unspool.loading import load_predictor
from unspool.series.calibration import calibrate
from unspool.series.defaults import SETTINGS
from unspool.series.examples import completed, split_windows
from unspool.series.reading import read_series
from unspool.series.series import SeriesTable
from unspool.series.shape import shape_of
from unspool.setup import Tell
from unspool.training.progress import Report


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
    run = runs.resume(out, changes, None, on_report=on_report, on_message=on_message)
    calibrate_folder(out)
    return run


def read(data: Any, values: Mapping[str, Any], dialect: Dialect | None = None) -> SeriesTable:
    """A table of series with the covariates that the settings name."""
    config = _series(values)
    past, known = (
        None if names is None else [*filter(None, names.split(","))] for names in (config.past, config.known)
    )
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
    return merged(merged(SETTINGS, given), {"series": config.model_dump()})
