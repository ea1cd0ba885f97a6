"""The progress of a recipe: training, then evaluation, each with its own bar."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from unspool.screens.console import counting, say
from unspool.screens.training import TrainingScreen


class RecipeScreen:
    """The `Screen` of recipes, on stderr."""

    def training(self) -> TrainingScreen:
        """The progress bar of training."""
        return TrainingScreen()

    def counting(self, total: int | None, what: str) -> AbstractContextManager[Callable[[int], None]]:
        """A progress bar with the time left."""
        return counting(total, what)

    def say(self, message: str) -> None:
        """Print a line."""
        say(message)
