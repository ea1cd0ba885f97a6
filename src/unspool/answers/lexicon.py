"""Answers that a person wrote: `lexicon.tsv` in a model's folder goes before the model.

A line is a source, a tab and its answer; with several columns a side, all of them with tabs between, in the order of
the model. A line that begins with # is a comment, and `\\#` is a source that begins with one. Several lines for one
source are its answers, best first.

A large table that comes with a model is `dictionary.tsv.gz`: see `data.sorted_table`. A person's lines go before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from unspool import folder as disk
from unspool.answers.answer import FROM_LEXICON, Answer
from unspool.answers.permitted import Permitted
from unspool.data.files import read_lines
from unspool.data.lines import without_ending
from unspool.data.sorted_table import SortedTable, read_sorted_table
from unspool.errors import Mistake, nearest
from unspool.fields.field import Field, Raw
from unspool.fields.registry import Fields
from unspool.plural import counted
from unspool.runtime.manifest import usable_model
from unspool.text.spelling import plain
from unspool.types import UNK, Labels

FORM = "A line is a source, a tab and its answer; a comment begins with #."
# Symbols of a message.
NAMED = 5


class Line(NamedTuple):
    """One line of a lexicon, with its place for messages."""

    place: str
    source: str
    answer: str


# The answers to each source, as its field compares it.
Entries: TypeAlias = Mapping[str, Sequence[str]]


class Lexicon:
    """The answers of a lexicon, for the fields of one model.

    tables:   where a source is looked up, one after another, until one has it
    messages: what a person should know about its lines
    """

    def __init__(self, fields: Fields, tables: Sequence[Entries], messages: Sequence[str] = ()) -> None:
        self.fields, self.tables, self.messages = fields, list(tables), list(messages)

    def __len__(self) -> int:
        """The number of sources."""
        return len(set[str]().union(*self.tables))

    def answers(self, raw: Raw) -> Sequence[str]:
        """All answers to a source, best first."""
        found = self._find(raw)
        return () if found is None else found[0][found[1]]

    def is_listed(self, raw: Raw) -> bool:
        """Whether the answers to a source are a dictionary's that came with the model, and not a person's."""
        found = self._find(raw)
        return found is not None and isinstance(found[0], SortedTable)

    def _find(self, raw: Raw) -> tuple[Entries, str] | None:
        """The first table that has a source, and its key there: as it is, or else as it was probably meant."""
        for form in dict.fromkeys((raw, plain(raw))) if isinstance(raw, str) else (raw,):
            source = self.fields.source.comparable(form)
            for table in self.tables:
                if source in table:
                    return table, source
        return None

    def find(self, raw: Raw, most: int, prefix: str = "", permitted: Permitted | None = None) -> list[Answer]:
        """At most `most` answers to a source: those that begin with the prefix and are permitted; else none."""
        target = self.fields.target
        begin = target.read(prefix)
        found = [
            text
            for text in self.answers(raw)
            if target.read(text).startswith(begin) and (permitted is None or _is_permitted(text, target, permitted))
        ]
        return [Answer(text, 0.0, target.symbols(text), None, origin=FROM_LEXICON) for text in found[:most]]

    def after(self, first: Lexicon) -> Lexicon:
        """Both: where the first one knows a source, its answers count."""
        return Lexicon(self.fields, [*first.tables, *self.tables], [*first.messages, *self.messages])


def read_lexicon(folder: Path, fields: Fields) -> Lexicon | None:
    """The lexicon in a trained or exported folder; None if there is none. A wrong line is a `Mistake` that names it."""
    path, dictionary = folder / disk.LEXICON, usable_model(folder) / disk.DICTIONARY
    present = [file for file in (path, dictionary) if file.exists()]
    if not present:
        return None
    if fields.container != "table":
        what = f"{present[0]} is for models that read and write texts, and this one has {' and '.join(fields.task)}."
        raise Mistake(what, "Move the file away.")
    tables, messages = _own(path, fields) if path in present else ([], [])
    if dictionary in present:
        tables.append(read_sorted_table(dictionary))
    return Lexicon(fields, tables, messages)


def _own(path: Path, fields: Fields) -> tuple[list[Entries], list[str]]:
    """The table of a person's lines, and what to say of them."""
    entries: dict[str, list[str]] = {}
    unknown = []
    for line in _lines(path, fields):
        answers = entries.setdefault(fields.source.comparable(line.source), [])
        if line.answer not in answers:
            answers.append(line.answer)
        unknown += _unknown(line, fields)
    return [entries], _said(unknown)


def _lines(path: Path, fields: Fields) -> Iterable[Line]:
    read, written = (len(field.column_kinds) for field in fields)
    for number, ended in enumerate(read_lines(path), 1):
        text, place = without_ending(ended), f"{path}, line {number}"
        if not text.strip() or text.startswith("#"):
            continue
        cells = text.removeprefix("\\" if text.startswith("\\#") else "").split("\t")
        if len(cells) != read + written or not all(cell.strip() for cell in cells):
            parts = [counted(count, "column", "columns") for count in (read, written)]
            what = f"{place}: '{text[:60]}' is not a source ({parts[0]}), a tab and an answer ({parts[1]})."
            raise Mistake(what, FORM)
        yield _checked(Line(place, "\t".join(cells[:read]), "\t".join(cells[read:])), fields)


def _checked(line: Line, fields: Fields) -> Line:
    """The line, with its answer as the tokenizer joins symbols; one that the model cannot give is a `Mistake`."""
    reads, target = fields
    item = target.encode(line.answer)
    if isinstance(target.dimension, Labels) and UNK in item:
        label = next(symbol for symbol in target.unseen(line.answer))
        what = f"{line.place}: the model has no label '{label[:60]}'."
        raise Mistake(what, nearest(label, map(str, target.answer_tokenizer().written())))
    try:
        target.check(line.answer, item, reads.encode(line.source))
    except Mistake as mistake:
        raise Mistake(f"{line.place}: {mistake.what}", mistake.remedy) from None
    return line._replace(answer=target.answer_tokenizer().normal(line.answer))


def _is_permitted(text: str, target: Field, permitted: Permitted) -> bool:
    return permitted.permits(target.end(target.encode(text)))


def _unknown(line: Line, fields: Fields) -> list[tuple[str, list[str]]]:
    """The place of a line, and its symbols that the model does not know, if there are any."""
    unseen = [*fields.source.unseen(line.source), *fields.target.unseen(line.answer)]
    return [(line.place, unseen)] if unseen else []


def _said(unknown: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """A message about symbols that the model does not know: they may be meant, or a slip."""
    if not unknown:
        return []
    place, symbols = unknown[0]
    named = " ".join(dict.fromkeys(symbols[:NAMED]))
    more = f", and {counted(len(unknown) - 1, 'more line', 'more lines')}" if len(unknown) > 1 else ""
    return [f"{place}: training never saw these symbols: {named}{more}. Are they meant?"]
