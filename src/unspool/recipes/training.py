"""The steps that all recipes share: train or resume, and evaluate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from unspool import folder as disk
from unspool import runs
from unspool.data.inputs import Files
from unspool.measured import Measured
from unspool.model import Model, load
from unspool.training.progress import Report

# The confidence from which on recipes call an answer sure.
SURE = 0.9


class Screen(Protocol):
    """Shows the progress of a recipe."""

    def training(self) -> AbstractContextManager[Callable[[Report], None]]:
        """A context whose function shows the reports of training."""
        ...

    def counting(self, total: int | None, what: str) -> AbstractContextManager[Callable[[int], None]]:
        """A context with a progress bar; its function takes the number of items done since the last call."""
        ...

    def say(self, message: str) -> None:
        """Print one line."""
        ...


def train(
    out: Path, files: Files, settings: dict[str, dict[str, Any]], minutes: float, screen: Screen,
    start_from: Path | None = None,
) -> Model:  # fmt: skip
    """Train a model in the folder, for at most this many minutes. start_from: a run whose weights it starts with."""
    wanted = settings | {"training": settings["training"] | {"max_minutes": minutes}}
    with screen.training() as on_report:
        runs.begin(files, out, wanted, start_from=start_from, on_report=on_report, on_message=screen.say)
    return load(out)


def resume(out: Path, files: Files, minutes: float | None, screen: Screen) -> Model:
    """Continue the training in the folder. minutes: the new limit of all its training; None keeps the limit."""
    changes = {} if minutes is None else {"training": {"max_minutes": minutes}}
    with screen.training() as on_report:
        runs.resume(out, changes, files, on_report=on_report, on_message=screen.say)
    return load(out)


def has_own_data(out: Path, data: Path | None) -> bool:
    """Whether a folder is about the user's own data; to continue it, the data need not be given again."""
    known = out / disk.RECIPE
    return data is not None or (known.exists() and disk.read_json(known).get("data") is not None)


def least_confidence(model: Model) -> float | None:
    """From which confidence on recipes call an answer sure; None if the model's answers have none."""
    return None if model.predictor.confidence is None else SURE


def sure_line(figures: Measured) -> str:
    """How many answers are sure, and how many of these are right; "" if there are none."""
    if "right_of_answered" not in figures:
        return ""
    sure, right = figures["answered"], figures["right_of_answered"]
    return f"  {sure:.0f} % have a confidence of at least {figures['at_least']}; of these {right:.1f} % are right."


def evaluate(model: Model, test: Path, out: Path, screen: Screen, **decoding: Any) -> Measured:
    """The metrics on a test file; they are also written into the folder."""
    examples = model.examples(Files((test,))).examples
    with screen.counting(len(examples), "evaluating") as count:
        figures = model.evaluate(examples, on_done=count, **decoding)
    disk.write_json(out / disk.EVALUATION, figures)
    return figures
