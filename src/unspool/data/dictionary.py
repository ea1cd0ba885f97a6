"""Dictionaries: translations of single words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from unspool.arguments import path_of
from unspool.data.files import read_lines
from unspool.data.lines import without_ending
from unspool.errors import Mistake

Dictionary = str | Path | Mapping[str, str]
FORM = "Write a dictionary as two columns: source word, tab, target word."


def dictionary_of(wanted: Dictionary | None) -> Mapping[str, str] | None:
    """The dictionary for unknown words; empty if they are copied ("source"), None if they stay."""
    if wanted is None or isinstance(wanted, Mapping):
        return wanted
    return {} if wanted == "source" else read_dictionary(path_of(wanted, "replace_unknown"))


def read_dictionary(path: Path) -> dict[str, str]:
    """Read lines of `source word, tab, target word`; if a word occurs twice, the first line counts."""
    found: dict[str, str] = {}
    for number, line in enumerate(read_lines(path), 1):
        text = without_ending(line)
        word, *rest = text.split("\t")
        if not text.strip():
            continue
        if len(rest) != 1 or not word:
            what = f"{path}, line {number}: '{text[:60]}' is not a word, a tab and its translation."
            raise Mistake(what, FORM)
        found.setdefault(word, rest[0])
    if not found:
        raise Mistake(f"{path} is empty.", FORM)
    return found
