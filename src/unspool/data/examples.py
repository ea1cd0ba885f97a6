"""Examples to evaluate or score, read from the kind of file that a field's data comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from unspool.data.arrays import read_arrays
from unspool.data.corpus import Example, RawPair, examples_of, raw_pairs
from unspool.data.drawings import read_sides
from unspool.data.inputs import Files
from unspool.data.parallel import ParallelFiles
from unspool.data.reading import Reading
from unspool.data.running_text import pieces, read_text
from unspool.data.tables import Table
from unspool.fields.field import Container
from unspool.fields.registry import Fields


class ReadExamples(NamedTuple):
    """Examples, and messages about what was skipped while reading."""

    examples: list[Example]
    messages: list[str]


class ReadPairs(NamedTuple):
    """Pairs in the order of the files, and messages about what was skipped."""

    pairs: list[RawPair]
    messages: list[str]


def read_examples(files: Files, fields: Fields, reading: Reading) -> ReadExamples:
    """Sources with all their references, read as the training data was; for running text, its pieces."""
    return EXAMPLES[fields.container](files, reading, fields)


def read_pairs(files: Files, fields: Fields, reading: Reading) -> ReadPairs:
    """Sources with one target each, in the order of the files, read as the training data was."""
    return PAIRS[fields.container](files, reading, fields)


def _table(files: Files, reading: Reading) -> Table | ParallelFiles:
    table, _ = files.open(reading)
    return table


def _examples_of_table(files: Files, reading: Reading, fields: Fields) -> ReadExamples:
    table = _table(files, reading)
    return ReadExamples(examples_of(table), table.stats.messages())


def _examples_of_arrays(files: Files, reading: Reading, fields: Fields) -> ReadExamples:
    pairs = _numbered(files, reading, fields)
    return ReadExamples([Example(source, (target,), line) for source, target, line in pairs], [])


def _examples_of_text(files: Files, reading: Reading, fields: Fields) -> ReadExamples:
    return ReadExamples(pieces(read_text(files.data, reading.dialect.encoding)), [])


def _pairs_of_table(files: Files, reading: Reading, fields: Fields) -> ReadPairs:
    table = _table(files, reading)
    return ReadPairs(list(raw_pairs(table)), table.stats.messages())


def _pairs_of_arrays(files: Files, reading: Reading, fields: Fields) -> ReadPairs:
    return ReadPairs(list(_numbered(files, reading, fields)), [])


def _numbered(files: Files, reading: Reading, fields: Fields) -> Iterator[RawPair]:
    is_ink = files.held(reading).ink
    arrays = read_sides(files.data, fields.task) if is_ink else read_arrays(files.data, reading)
    together = zip(*arrays, strict=True)
    return (RawPair(source, target, number) for number, (source, target) in enumerate(together, 1))


EXAMPLES: dict[Container, Callable[[Files, Reading, Fields], ReadExamples]] = {
    "table": _examples_of_table,
    "arrays": _examples_of_arrays,
    "running_text": _examples_of_text,
}
# Running text is scored in pairs of a text and its continuation.
PAIRS: dict[Container, Callable[[Files, Reading, Fields], ReadPairs]] = {
    "table": _pairs_of_table,
    "arrays": _pairs_of_arrays,
    "running_text": _pairs_of_table,
}
