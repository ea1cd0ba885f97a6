"""The words of a page in both languages, from a file `words.toml` of the package that writes the page."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def texts_of(package: str) -> dict[str, dict[str, str]]:
    """All texts of a package by language and key."""
    return tomllib.loads((files(package) / "words.toml").read_text(encoding="utf-8"))
