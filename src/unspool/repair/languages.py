"""The languages that can be repaired; a new one is a file with a `Language`, and a line here."""

from __future__ import annotations

from pathlib import Path

from unspool.errors import Mistake, nearest
from unspool.repair.c_code import C
from unspool.repair.language import Language
from unspool.repair.python_code import PYTHON

LANGUAGES = {language.name: language for language in (PYTHON, C)}


def language_named(name: str) -> Language:
    """A language by its name."""
    if name not in LANGUAGES:
        raise Mistake(f"There is no language '{name}' to repair.", nearest(name, LANGUAGES))
    return LANGUAGES[name]


def language_of(path: Path) -> Language:
    """The language of a file, by the end of its name."""
    for language in LANGUAGES.values():
        if path.suffix.lower() in language.suffixes:
            return language
    known = ", ".join(suffix for language in LANGUAGES.values() for suffix in language.suffixes)
    raise Mistake(f"{path} is in no language that is known by the end of its name.", f"Files may end in {known}.")
