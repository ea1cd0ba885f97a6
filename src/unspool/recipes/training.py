"""What every recipe does between its data and what it shows: train, or resume what was begun, and evaluate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from unspool import folder as disk
from unspool import runs
from unspool.data.inputs import Files
from unspool.model import Model, load
from unspool.training.progress import Report


class Screen(Protocol):
    """Where a person watches a recipe."""

    def training(self) -> AbstractContextManager[Callable[[Report], None]]:
        """While entered, shows the reports of training that it is given."""
        ...

    def counting(self, total: int | None, what: str) -> AbstractContextManager[Callable[[int], None]]:
        """While entered, shows how many of the total are done; given those that were done since it was last told."""
        ...

    def say(self, message: str) -> None:
        """One line."""
        ...


def train(out: Path, files: Files, settings: dict[str, dict[str, Any]], minutes: float, screen: Screen) -> Model:
    """A model trained in the folder for so many minutes."""
    wanted = settings | {"training": settings["training"] | {"max_minutes": minutes}}
    with screen.training() as on_report:
        runs.begin(files, out, wanted, on_report=on_report, on_message=screen.say)
    return load(out)


def resume(out: Path, files: Files, minutes: float | None, screen: Screen) -> Model:
    """The folder's model, trained on; minutes: of its training in all, where they are not to stay as they were."""
    changes = {} if minutes is None else {"training": {"max_minutes": minutes}}
    with screen.training() as on_report:
        runs.resume(out, changes, files, on_report=on_report, on_message=screen.say)
    return load(out)


def evaluate(model: Model, test: Path, out: Path, screen: Screen, **decoding: Any) -> dict[str, Any]:
    """The figures on a file, kept in the folder."""
    examples = model.examples(Files((test,))).examples
    with screen.counting(len(examples), "measuring") as count:
        figures = model.evaluate(examples, on_done=count, **decoding)
    disk.write_json(out / disk.EVALUATION, figures)
    return figures
