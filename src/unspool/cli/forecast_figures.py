"""What `unspool evaluate` does with a forecaster: forecasts from several points of the past, beside rivals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.cli.figures import comparison
from unspool.errors import Mistake
from unspool.screens.console import say, write

if TYPE_CHECKING:
    from unspool.forecasts.evaluation import ForecastEvaluation


def forecasts_series(folder: Path) -> bool:
    """Whether the folder holds a forecaster; a wrong folder is an error elsewhere."""
    from unspool import folder as disk
    from unspool.runtime.manifest import usable_model

    usable = usable_model(folder)
    if not (usable / disk.RUN).is_file():
        return False
    series = disk.read_json(usable / disk.RUN).get("series")
    return isinstance(series, dict) and bool(series.get("horizon"))


def evaluate_series(
    folders: Sequence[Path],
    files: Sequence[Path],
    *,
    rolling: int,
    season: str | None,
    json_file: Path | None,
    device: str,
) -> None:
    """Print the figures of a forecaster, or of several as one, and of its rivals."""
    from unspool.folder import write_json
    from unspool.forecasts.evaluation import evaluate_forecaster
    from unspool.forecasts.forecaster import load_forecaster

    if len(files) != 1:
        raise Mistake("A forecaster is evaluated on one file of series.", "unspool evaluate MODEL SERIES.csv")
    forecaster = load_forecaster(folders, device)
    table = forecaster.read(files[0])
    found = evaluate_forecaster(forecaster, table.series, rolling=rolling, season=season)
    for message in [*table.messages, *found.messages]:
        say(message)
    write(table_of(found))
    if json_file:
        write_json(json_file, found.to_json())
        say(f"Written to {json_file}.")


def table_of(found: ForecastEvaluation) -> str:
    """The forecaster and its rivals side by side, and the verdict in words."""
    names = ["model", *found.rivals]
    figures = [found.to_json(), *(found.rival_json(name) for name in found.rivals)]
    lines = comparison(names, figures, found.tests()).replace("sources:", "forecasts:", 1)
    return f"{lines}\n\n{found.verdict()}"
