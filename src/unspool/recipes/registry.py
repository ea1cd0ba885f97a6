"""The recipes by name."""

from __future__ import annotations

import importlib
import inspect
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspool import folder as disk
from unspool.data.fingerprint import fingerprint
from unspool.data.hub import hub_data
from unspool.errors import Mistake, nearest

if TYPE_CHECKING:
    from unspool.recipes.training import Screen

# Runs the task in a folder. The second argument limits the minutes of training in all. Returns the text to show.
Recipe = Callable[[Path, float | None, "Screen"], str]

RECIPES = {
    "g2p": "English spelling to pronunciation, or --language-file FILE (about 5 minutes on two cores)",
    "classify": "Film reviews, or --data FILE: labels, and where the network looked (about 15 minutes on two cores)",
    "chatbot": "English dialogues, or --data FILE of lines and replies (about 10 minutes on two cores)",
    "forecast": "Fourteen well-known series, or --data FILE, with intervals (about 4 minutes on two cores)",
    "handwriting": "A network that writes by hand, and one that reads it (about an hour on two cores)",
    "inflection": "Lemma and tags to the form: English, or --data FILE (about 6 minutes on two cores)",
    "language_model": "Python's source, or --data FILE, character by character (about 10 minutes on two cores)",
    "story": "A page that tells the family's story in models of your own (12 minutes or less)",
    "translation": "German captions into English, or --data FILE (about 15 minutes on two cores)",
    "repair": "Code that does not compile: Python's library, or --data FOLDER, or pairs (about 30 minutes)",
    "voice": "one voice into another: espeak-ng's, or --data FOLDER with source/ and target/ (about 6 minutes)",
}


def finished(name: str, out: Path, data: Path | None = None, minutes: float | None = None) -> str | None:
    """The stored text of a recipe that was finished in this folder, with at least these minutes; None otherwise."""
    _check(name)
    _check_folder(out, name, data)
    summary = out / disk.SUMMARY
    if not summary.exists() or (minutes is not None and minutes > _minutes_of(out)):
        return None
    return summary.read_text(encoding="utf-8")


def recipe_of(name: str, data: Path | None = None, columns: str | None = None) -> Recipe:
    """A recipe, ready to run, on the user's own data, or these columns of them, if the recipe takes any."""
    _check(name)
    recipe: Callable[..., str] = importlib.import_module(f"unspool.recipes.{name}").run
    takes, own = inspect.signature(recipe).parameters, dict[str, Any]()
    if data is not None and "data" not in takes:
        raise Mistake(f"The recipe {name} has its own data.", "Leave --data out, or see: unspool train --help")
    if columns is not None and ("columns" not in takes or data is None):
        raise Mistake(f"The recipe {name} reads no columns here.", "Leave --columns out; it goes with --data FILE.")
    own |= {"data": data} if data is not None else {}
    own |= {"columns": columns} if columns is not None else {}

    def run(out: Path, minutes: float | None, *rest: Any) -> str:
        if minutes is not None and not 0 < minutes < math.inf:
            raise Mistake(f"Models cannot learn for {minutes:g} minutes.", "Give a number above 0: --max-minutes 12")
        _check_folder(out, name, data)
        if not disk.holds_a_run(out):
            disk.write_json(out / disk.RECIPE, {"recipe": name, "data": data and _mark(data)})
        # The stored summary becomes wrong as soon as training continues, even if this run does not reach its end.
        (out / disk.SUMMARY).unlink(missing_ok=True)
        return recipe(out, minutes, *rest, **own)

    return run


def _check_folder(out: Path, name: str, data: Path | None) -> None:
    """Refuse a folder of another recipe or other data; to continue, the data need not be given again.

    A folder in which nothing else is yet, since its data could not be read, is free.
    """
    if not (out / disk.RECIPE).exists() or [path.name for path in out.iterdir()] == [disk.RECIPE]:
        return
    begun = disk.read_json(out / disk.RECIPE)
    if begun.get("recipe") != name or (data and begun.get("data") != _mark(data)):
        raise Mistake(f"{out} holds another recipe, or other data.", "Give another folder: --out runs/another")


def _mark(data: Path) -> str:
    """What tells data apart: a hash of the files, or the name on the Hub."""
    return str(data) if hub_data(data) else fingerprint([data])


def _minutes_of(out: Path) -> float:
    """The limit of a folder's training, in minutes: of all its stages, where a recipe recorded it."""
    of_all = disk.read_json(out / disk.RECIPE).get("minutes") if (out / disk.RECIPE).exists() else None
    if isinstance(of_all, int | float):
        return of_all
    config, _ = disk.read_run(out)
    return config.training.max_minutes or math.inf


def _check(name: str) -> None:
    if name not in RECIPES:
        raise Mistake(f"There is no recipe '{name}'.", nearest(name, RECIPES))
