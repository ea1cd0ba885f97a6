"""The recipes by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.errors import Mistake, nearest

if TYPE_CHECKING:
    from unspool.training.progress import Report

# Does the task in a folder, for so many minutes of training, and returns what a person should see at the end.
Recipe = Callable[[Path, float | None, "Callable[[Report], None]", Callable[[str], None]], str]

RECIPES = {
    "g2p": "English spelling to sounds, from the CMU Pronouncing Dictionary (about 6 minutes on two cores)",
}


def recipe_of(name: str) -> Recipe:
    """A recipe, ready to be performed."""
    if name not in RECIPES:
        raise Mistake(f"There is no recipe '{name}'.", nearest(name, RECIPES))
    recipe: Recipe = importlib.import_module(f"unspool.recipes.{name}").perform
    return recipe
