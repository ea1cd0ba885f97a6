"""A command's arguments as models and files, and the command that asks a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

MODELS_AND_FILES = "MODEL|FILE"


def models_and_files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Models and files: the first argument, all folders and names of the package's models are models.

    Everything else is a file, also '-' and, after the first argument, `hub:OWNER/NAME`, which is then a data set.
    A folder that holds sequences or ink, and no run, is data.
    """
    first, *others = paths
    from unspool.named_models import is_bundled

    models = [path for path in others if (path.is_dir() and not is_data(path)) or is_bundled(path)]
    return [first, *models], [path for path in others if path not in models]


def asking(folder: Path) -> str:
    """The command that asks a model of its kind."""
    from unspool import folder as disk
    from unspool.cli.forecast_figures import forecasts_series
    from unspool.runtime.manifest import usable_model

    name = quote(str(folder))
    if forecasts_series(folder):
        return f"unspool forecast {name} HISTORY.csv"
    if disk.read_run(usable_model(folder))[0].model.name == "synthesis":
        return f"unspool write {name} 'a few words' --out words.svg"
    return f"unspool predict {name}"


def is_data(folder: Path) -> bool:
    """Whether a folder holds sequences or ink, and neither a run nor an export."""
    from unspool import folder as disk
    from unspool.data.drawings import are_drawings
    from unspool.data.sequence_folder import holds_sequences
    from unspool.runtime.manifest import holds_an_export

    if disk.holds_a_run(folder) or holds_an_export(folder):
        return False
    return holds_sequences(folder) or are_drawings([folder])
