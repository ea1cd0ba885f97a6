"""The recipes by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.errors import Mistake, nearest
from unspool.folder import SUMMARY

if TYPE_CHECKING:
    from unspool.training.progress import Report

# Does the task in a folder, for so many minutes of training, and returns what a person should see at the end.
Recipe = Callable[[Path, float | None, "Callable[[Report], None]", Callable[[str], None]], str]

RECIPES = {
    "g2p": "English spelling to sounds, from the CMU Pronouncing Dictionary (about 5 minutes on two cores)",
}


def finished(name: str, out: Path) -> str | None:
    """What a recipe's folder has to show if it was finished there before; None otherwise."""
    _check(name)
    summary = out / SUMMARY
    return summary.read_text(encoding="utf-8") if summary.exists() else None


def recipe_of(name: str) -> Recipe:
    """A recipe, ready to be performed."""
    _check(name)
    recipe: Recipe = importlib.import_module(f"unspool.recipes.{name}").perform
    return recipe


def _check(name: str) -> None:
    if name not in RECIPES:
        raise Mistake(f"There is no recipe '{name}'.", nearest(name, RECIPES))
