"""The recipes by name."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import partial
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
    "language_model": "Python's source, or --data FILE, character by character (about 10 minutes on two cores)",
}


def finished(name: str, out: Path) -> str | None:
    """What a recipe's folder has to show if it was finished there before; None otherwise."""
    _check(name)
    summary = out / SUMMARY
    return summary.read_text(encoding="utf-8") if summary.exists() else None


def recipe_of(name: str, data: Path | None = None) -> Recipe:
    """A recipe, ready to be performed; on a person's own data where it takes any."""
    _check(name)
    recipe: Callable[..., str] = importlib.import_module(f"unspool.recipes.{name}").perform
    if data is None:
        return recipe
    if "data" not in inspect.signature(recipe).parameters:
        raise Mistake(f"The recipe {name} brings its own data.", "Leave --data out, or see: unspool train --help")
    return partial(recipe, data=data)


def _check(name: str) -> None:
    if name not in RECIPES:
        raise Mistake(f"There is no recipe '{name}'.", nearest(name, RECIPES))
