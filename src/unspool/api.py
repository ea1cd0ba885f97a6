"""Training from Python: `unspool.train`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from unspool.config.values import configuration
from unspool.data.inputs import Files
from unspool.model import Model, load
from unspool.runs import begin
from unspool.training.progress import Report


def train(
    data: str | Path | Sequence[str | Path],
    *,
    out: str | Path,
    model: str | None = None,
    valid: str | Path | Sequence[str | Path] | None = None,
    columns: str | None = None,
    config: str | Path | None = None,
    settings: dict[str, Any] | None = None,
    max_minutes: float | None = None,
    overwrite: bool = False,
    on_report: Callable[[Report], None] = lambda report: None,
    on_message: Callable[[str], None] = lambda message: None,
) -> Model:
    """Train on a table and return the trained model.

    settings: as `--set` takes them, for example `{"training.epochs": 5, "model.score": "dot"}`
    on_report: called about once a second and at each validation
    Raises `Mistake` if the data or a setting breaks a rule.
    """
    files = Files(_paths(data), _paths(valid or ()))
    given = {"model.name": model, "data.columns": columns, "training.max_minutes": max_minutes} | (settings or {})
    values = configuration(Path(config) if config else None, [], given)
    begin(files, Path(out), values, overwrite=overwrite, on_report=on_report, on_message=on_message)
    return load(out, values.get("device", "auto"))


def _paths(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    return (Path(given),) if isinstance(given, str | Path) else tuple(Path(path) for path in given)
