"""The option `--columns`: the columns of source and target, each with its own tokenizer if one is named.

    source=2,target=1                     columns of a TSV, numbered from 1
    source=question,target=answer         columns of a CSV or JSONL, by name
    source=1:chars+2:tags,target=3:chars  two columns joined into one source

A name cannot contain a comma, '=', '+' or ':'; use the number of such a column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from unspool.errors import Mistake, nearest
from unspool.text.tags import are_tags

EXAMPLE = "Example: --columns source=1:chars+2:tags,target=3"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by number (from 1) or name, and its tokenizer, if one is named."""

    name: str
    tokenizer: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the source, and those of the target unless only sources are read."""

    source: tuple[Column, ...]
    target: tuple[Column, ...] | None

    @property
    def wanted(self) -> list[str]:
        """Names of all columns to read, the source's first."""
        return [column.name for column in (*self.source, *(self.target or ()))]


FIRST_TWO = Columns((Column("1"),), (Column("2"),))


def parse_columns(text: str) -> Columns:
    """Parse the value of `--columns`; the target may be left out if only sources are read.

    >>> parse_columns("source=2,target=1:words")
    Columns(source=(Column(name='2', tokenizer=None),), target=(Column(name='1', tokenizer='words'),))
    """
    sides: dict[str, tuple[Column, ...]] = {}
    for part in text.split(","):
        side, equals, names = part.partition("=")
        side = side.strip()
        if not equals or side not in ("source", "target"):
            raise Mistake(f"--columns '{text}': '{part}' is not of the form source=… or target=….", EXAMPLE)
        if side in sides:
            raise Mistake(f"--columns '{text}' gives the {side} twice; '+' joins columns.", EXAMPLE)
        sides[side] = tuple(_column(name, text) for name in names.split("+"))
    if "source" not in sides:
        raise Mistake(f"--columns '{text}' names no source.", EXAMPLE)
    return Columns(sides["source"], sides.get("target"))


Rows = Sequence[tuple[str, ...]]


def resolve(
    columns: Columns | None, names: Sequence[str], path: object, first_rows: Callable[[], Rows] = lambda: ()
) -> Columns:
    """Match columns to those of a file; `names` are the file's own names.

    first_rows: the first rows of the file, for a proposal which columns to read

    Without `columns`, a file of two columns is source and target, in this order. A number is the position of a column,
    unless a column has that name.
    """
    if columns is None:
        return _only_two(names, path, first_rows)
    source = tuple(_settled(column, names, path) for column in columns.source)
    return Columns(source, columns.target and tuple(_settled(column, names, path) for column in columns.target))


def _column(text: str, whole: str) -> Column:
    name, colon, tokenizer = (part.strip() for part in text.rpartition(":"))
    if not colon:
        name, tokenizer = tokenizer, ""
    if not name or (colon and not tokenizer):
        raise Mistake(f"--columns '{whole}': '{text}' does not name a column.", EXAMPLE)
    return Column(name, tokenizer or None)


def _only_two(names: Sequence[str], path: object, first_rows: Callable[[], Rows]) -> Columns:
    if len(names) == 2:
        return Columns((Column(names[0]),), (Column(names[1]),))
    if len(names) < 2:
        what = f"{path}, line 1: there is only one column."
        raise Mistake(what, "A table needs a source and a target; in a TSV, a tab separates them.")
    what = f"{path} has {len(names)} columns ({', '.join(names)}), and it is not clear which to read."
    choice = f"For train or describe, use --columns {proposal(names, first_rows())}"
    raise Mistake(what, f"{choice}; give other commands a file of only these two ('cut -f1,2' makes one from a TSV).")


def proposal(names: Sequence[str], rows: Rows) -> str:
    """The value of `--columns` that fits these rows of a file.

    A column of tags belongs to the source, as in the tables of SIGMORPHON: lemma, tags, form (or lemma, form, tags).

    >>> proposal(["1", "2", "3"], [("gehen", "V;PST;1;SG", "ging")])
    "'source=1:chars+2:tags,target=3:chars'"
    """
    cells = list(zip(*rows, strict=True))
    tags = [name for name, column in zip(names, cells, strict=False) if are_tags(column)]
    others = [name for name in names if name not in tags]
    if len(names) == 3 and len(tags) == 1:
        return f"'source={others[0]}:chars+{tags[0]}:tags,target={others[1]}:chars'"
    return f"source={names[0]},target={names[1]}"


def _settled(column: Column, names: Sequence[str], path: object) -> Column:
    if column.name in names:
        return column
    if column.name.isdecimal() and 1 <= int(column.name) <= len(names):
        return replace(column, name=names[int(column.name) - 1])
    raise Mistake(f"{path} has no column '{column.name}', which --columns names.", nearest(column.name, names))
