"""The option `--columns`: the columns of source and target, each with its own tokenizer if one is named.

    source=2,target=1                     columns of a TSV, numbered from 1
    source=question,target=answer         columns of a CSV or JSONL, by name
    source=1:chars+2:tags,target=3:chars  two columns joined into one source

A name cannot contain a comma, '=', '+' or ':'; use the number of such a column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from unspool.data.dialect import UNNAMED
from unspool.errors import Mistake, nearest
from unspool.text.tags import are_tags

EXAMPLE = "Example: --columns source=1:chars+2:tags,target=3"
# In messages: the most names, and the most characters of each.
MOST_SHOWN, LONGEST_SHOWN = 20, 60


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

    @classmethod
    def named(cls, names: Mapping[str, Sequence[str]]) -> Columns:
        """The inverse of `names`."""
        return cls(tuple(map(Column, names["source"])), tuple(map(Column, names["target"])))

    @property
    def names(self) -> dict[str, list[str]]:
        """The names of each side's columns."""
        return {
            "source": [column.name for column in self.source],
            "target": [column.name for column in self.target or ()],
        }

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

    Without `columns`, a file of two columns is source and target, in this order; columns without a name do not count.
    A number is the position of a column, unless a column has that name.
    """
    if columns is None:
        return _only_two(names, path, first_rows)
    source = tuple(_settled(column, names, path) for column in columns.source)
    return Columns(source, columns.target and tuple(_settled(column, names, path) for column in columns.target))


def match(known: Columns, names: Sequence[str], path: object) -> Columns:
    """Check that a file with these names has the columns that are known from the training data, in any order."""
    held = {*names}
    for side, columns in (("source", known.source), ("target", known.target or ())):
        for column in columns:
            if column.name not in held:
                what = f"{path} has no column '{column.name}', which was the {side} in training."
                other = "Name others: --columns source=…,target=…; or say that there is no header: --header no"
                raise Mistake(what, f"Its columns: {listed(names)}. {other}")
    return known


def listed(names: Sequence[str]) -> str:
    """Names for a message; not all of very many, and not all of a very long one."""
    shown = [name[:LONGEST_SHOWN] for name in names[:MOST_SHOWN]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _column(text: str, whole: str) -> Column:
    name, colon, tokenizer = (part.strip() for part in text.rpartition(":"))
    if not colon:
        name, tokenizer = tokenizer, ""
    if not name or (colon and not tokenizer):
        raise Mistake(f"--columns '{whole}': '{text}' does not name a column.", EXAMPLE)
    return Column(name, tokenizer or None)


def _only_two(names: Sequence[str], path: object, first_rows: Callable[[], Rows]) -> Columns:
    named = [name for name in names if not name.startswith(UNNAMED)]
    if len(named) == 2:
        return Columns((Column(named[0]),), (Column(named[1]),))
    if len(named) < 2:
        what = f"{path}, line 1: there is only one column."
        raise Mistake(what, "A table needs a source and a target; in a TSV, a tab separates them.")
    what = f"{path} has {len(names):,} columns ({listed(names)}), and it is not clear which to read."
    raise Mistake(what, f"Name them: --columns {proposal(names, first_rows())}")


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
    named = [name[:LONGEST_SHOWN] for name in names if not name.startswith(UNNAMED)]
    return f"source={named[0]},target={named[1]}"


def _settled(column: Column, names: Sequence[str], path: object) -> Column:
    if column.name in names:
        return column
    if column.name.isdecimal() and len(column.name) < 9 and 1 <= int(column.name) <= len(names):
        return replace(column, name=names[int(column.name) - 1])
    what = f"{path} has no column '{column.name[:LONGEST_SHOWN]}', which --columns names."
    raise Mistake(what, nearest(column.name, names))
