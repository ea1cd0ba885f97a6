"""A recipe as a person watches it: training, then measuring, each with a bar of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from unspool.cli.console import counting, say
from unspool.cli.training_screen import TrainingScreen


class RecipeScreen:
    """The `Screen` of recipes, on stderr."""

    def training(self) -> TrainingScreen:
        """Training's bar."""
        return TrainingScreen()

    def counting(self, total: int | None, what: str) -> AbstractContextManager[Callable[[int], None]]:
        """A bar with the time left."""
        return counting(total, what)

    def say(self, message: str) -> None:
        """A line."""
        say(message)
