"""Arguments from Python: one of a wrong type is a `Mistake` that names it, and flags in messages become arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from unspool.errors import Mistake

# A flag, and a value: a word in capitals stands for any, and one with '=' is a value as it is.
FLAG = re.compile(r"--([a-z][a-z-]*)(?: ([A-Z]{3,}\b)| '?([\w.:+,=…]+=[\w.:+,=…]+)'?)?")
RENAMED = {"from": "start_from", "set": "settings", "resume": "resume=True", "overwrite": "overwrite=True"}


def in_python(message: str) -> str:
    """A message whose reader works in Python; whole commands stay as they are.

    >>> in_python("Continue it: --resume. Use --valid FILE for others, or --set training.epochs=5.")
    'Continue it: resume=True. Use valid=… for others, or settings={"training.epochs": 5}.'
    """
    return message if "unspool " in message else FLAG.sub(_argument, message)


def _argument(flag: re.Match[str]) -> str:
    name = RENAMED.get(flag[1], flag[1].replace("-", "_"))
    if flag[3] and flag[1] == "set":
        key, _, value = flag[3].rstrip(".,").partition("=")
        return f'{name}={{"{key}": {value}}}' + flag[3][len(flag[3].rstrip(".,")) :]
    if flag[3]:
        return f'{name}="{flag[3]}"'
    return f"{name}=…" if flag[2] else name


def path_of(given: object, name: str) -> Path:
    """A path."""
    if isinstance(given, str | Path):
        return Path(given)
    raise Mistake(f"{name} must be a path, not {kind_of(given)}.", f"Give a text or a pathlib.Path: {name}='runs/mine'")


def paths_of(given: object, name: str) -> list[Path]:
    """A path, or several."""
    several = given if isinstance(given, Iterable) and not isinstance(given, str | bytes) else [given]
    return [path_of(one, name) for one in several]


def texts_of(given: object, name: str) -> list[str]:
    """A list of texts; a text alone is refused, since its letters would be taken for texts."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise Mistake(f"{name} must be a list of texts, not {kind_of(given)}.", f"Give a list: {name}=['…']")
    return [text_of(one, f"{name}[{place}]") for place, one in enumerate(given)]


def text_of(given: object, name: str) -> str:
    """A text."""
    if isinstance(given, str):
        return given
    raise Mistake(f"{name} must be a text, not {kind_of(given)}.", f"Give a text: {name}='…'")


def kind_of(value: object) -> str:
    """The type of a value with its article: a str, an int."""
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
