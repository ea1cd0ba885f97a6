"""Rows of a JSONL: one object on each line; its top-level keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unspool.data.dialect import Dialect
from unspool.data.files import read_lines
from unspool.errors import Mistake, nearest
from unspool.text.surrogates import holds_surrogates


def first_row(path: Path, dialect: Dialect) -> list[str]:
    """The keys of the first object."""
    for _, row in _objects(path, dialect):
        return list(row)
    raise Mistake(f"{path} is empty.", 'It must have one object on each line: {"source": "…", "target": "…"}')


def cells(path: Path, wanted: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and the wanted values of each object.

    Strings are taken as they are, numbers, true and false as written, null as empty.
    """
    for number, row in _objects(path, dialect):
        yield number, tuple([_text(row, name, path, number) for name in wanted])


def objects(path: Path, wanted: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Line number and the wanted values of each object: lists of numbers, and other values as texts, see `cells`."""
    for number, line in _lines(path, dialect):
        row, texts = _decoded(line, NUMBERS, path, number), None
        if not all(isinstance(row.get(name), list) for name in wanted):
            texts = _decoded(line, TEXTS, path, number)
        yield (
            number,
            tuple(
                [
                    row[name] if isinstance(row.get(name), list) else _text(texts or row, name, path, number)
                    for name in wanted
                ]
            ),
        )


# Numbers stay as they are written: 1.10 and 1.1 are different texts, for example for a model that reads them aloud.
TEXTS = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
NUMBERS = json.JSONDecoder(parse_int=float)


def _objects(path: Path, dialect: Dialect) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((number, _decoded(line, TEXTS, path, number)) for number, line in _lines(path, dialect))


def _lines(path: Path, dialect: Dialect) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(read_lines(path, dialect.encoding), 1) if not line.isspace())


def _decoded(line: str, decoder: json.JSONDecoder, path: Path, number: int) -> dict[str, Any]:
    try:
        row = decoder.decode(line)
    except (json.JSONDecodeError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        remedy = "A JSONL file has one complete object on each line."
        raise Mistake(f"{path}, line {number}: not valid JSON: {why}.", remedy) from None
    if not isinstance(row, dict):
        remedy = 'Write it as {"source": "…", "target": "…"}'
        raise Mistake(f"{path}, line {number}: not an object but {_kind(row)}.", remedy)
    return row


def _text(row: dict[str, Any], name: str, path: Path, number: int) -> str:
    try:
        value = row[name]
    except KeyError:
        raise Mistake(f"{path}, line {number}: there is no '{name}'.", nearest(name, row)) from None
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        what = f"{path}, line {number}: '{name}' is {_kind(value)}, not a string."
        raise Mistake(what, "Only strings, numbers, true, false and null are read.")
    if holds_surrogates(value):
        what = f"{path}, line {number}: '{name}' holds half of a surrogate pair, which is not a character."
        raise Mistake(what, r"Write the character itself, or both halves of its escape (\ud83d\ude00).")
    return value


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", type(None): "null", str: "a string or number"}
    return names[type(value)]
