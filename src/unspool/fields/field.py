"""What every field can be asked. Items are ids `[S]` unless a field says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeAlias

import numpy as np

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.padding import Flat, cut_flat, keep_flat, pad
from unspool.text.tokenizer import NOTHING
from unspool.types import EOS, UNK, Array, Dimension, Sequences

# What a person gives for one side of an example: a text (columns joined by tabs), or an array of real values.
Raw: TypeAlias = Any
# The same as arrays; what they are, its field knows.
Item: TypeAlias = Any
Side = Literal["source", "target"]
# The form in which data of a field comes: cells of a table, arrays of an .npz file, or one running text.
Container = Literal["table", "arrays", "running_text"]


class ColumnData(NamedTuple):
    """One column of a side to learn from: all its cells, a sample of them, and the tokenizer asked for ("auto")."""

    cells: Callable[[], Iterable[Raw]]
    sample: Callable[[], Sequence[Raw]]
    tokenizer: str = "auto"


class Fitted(NamedTuple):
    """A field, and sentences on what was chosen for it and why."""

    field: Field
    messages: list[str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Many items as flat arrays; the lengths of the first part are those of the items.

    copied: for each source that can be copied, the symbols that its numbers V, V+1, … stand for
    """

    parts: tuple[Flat, ...]
    copied: Sequence[Sequence[str]] | None = None

    @property
    def lengths(self) -> Array:
        """`[n]`."""
        return self.parts[0].lengths

    def kept(self, which: Array) -> Encoded:
        """Those where `which` `[n]` is True."""
        return Encoded(tuple(keep_flat(part, which) for part in self.parts))


class Decoded(NamedTuple):
    """An answer for a person: its text, the text of each item, and the values `[T, F]` where it is real values."""

    text: str
    tokens: list[str]
    values: Array | None = None


class Field:
    """One side of an example. `kind` is its name; defaults are right for a sequence of symbols.

    dimension_type: what a network must know of it
    container:    the form in which its data comes
    ends:         an answer ends with EOS
    smoothed:     label smoothing helps to learn it
    may_be_empty: there is an answer to nothing at all, too
    has_answers:  there are right answers to compare with; otherwise only likelihoods are measured
    overlaps:     sources of neighbouring examples share their text
    noun:         what one example is called, and several of them; `validation_noun` the same of those to validate on
    """

    kind: ClassVar[str]
    dimension_type: ClassVar[type[Dimension]]
    container: ClassVar[Container] = "table"
    default_source_tokenizer: ClassVar[str] = "auto"
    ends: bool = False
    smoothed: ClassVar[bool] = True
    may_be_empty: ClassVar[bool] = False
    has_answers: ClassVar[bool] = True
    overlaps: ClassVar[bool] = False
    noun: ClassVar[tuple[str, str]] = ("pair", "pairs")
    validation_noun: ClassVar[tuple[str, str]] = ("validation source", "validation sources")

    # --- made and kept

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """Learn from the columns of a side."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Everything needed to build it again; `kind` in it is the field's own, or a tokenizer's."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: dict[str, Any], config: DataConfig, side: Side) -> Self:
        """The inverse of `to_json`."""
        raise NotImplementedError

    @property
    def dimension(self) -> Dimension:
        """What a network must know of it."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """Half a line on what it is."""
        return self.kind

    @property
    def column_kinds(self) -> list[str]:
        """How each column of its side is read, as `--columns` calls it."""
        return [self.kind]

    # --- from raw to arrays

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """One item, whole and without EOS. source: the encoded other side, for a target that may copy from it."""
        raise NotImplementedError

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """`encode` of each, as flat arrays."""
        items = [self.parts(self.encode(raw)) for raw in raws]
        lengths = [np.array([len(part) for part in column], dtype=np.int64) for column in zip(*items, strict=True)]
        values = [np.concatenate(column) for column in zip(*items, strict=True)]
        return Encoded(tuple(Flat(*pair) for pair in zip(values, lengths, strict=True)))

    def end(self, item: Item) -> Item:
        """The item with EOS, where answers end with one."""
        return np.append(item, EOS) if self.ends else item

    def truncate(self, item: Item, most: int) -> Item:
        """The first `most` items."""
        return item[:most]

    def truncate_many(self, encoded: Encoded, most: int) -> tuple[Encoded, int]:
        """The same of each, with EOS where an uncut item ends with one; and how many were cut."""
        parts, whole = [], np.ones(len(encoded.lengths), dtype=bool)
        for part in encoded.parts:
            flat, uncut = cut_flat(part, most)
            parts.append(flat)
            whole &= uncut
        if self.ends:  # what is cut does not end there, and a model should not learn that it does
            (values, lengths) = parts[0]
            parts[0] = Flat(np.insert(values, np.cumsum(lengths)[whole], EOS), lengths + whole)
        return Encoded(tuple(parts), encoded.copied), int(np.count_nonzero(~whole))

    def unknown(self, item: Item) -> int:
        """How many symbols of an item, or of a flat array of many, training never saw."""
        return int(np.count_nonzero(item == UNK))

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """The type in which each part is kept in memory, and the shape of one item of it."""
        return [(np.min_scalar_type(max(self.dimension.count - 1, 0)), ())]  # type: ignore[union-attr]

    # --- batches

    def parts(self, item: Item) -> tuple[Array, ...]:
        """The arrays of an item, each with its items along the first axis."""
        return (item,)

    def join(self, parts: Sequence[Sequences[Array]]) -> Sequences[Array]:
        """The padded parts of a batch as one side of it."""
        (only,) = parts
        return only

    def collate(self, items: Sequence[Item]) -> Sequences[Array]:
        """Items as one padded side of a batch."""
        return self.join([pad(part) for part in zip(*map(self.parts, items), strict=True)])

    # --- answers

    def decode(
        self, output: Sequence[int] | Array, source: Item = None, unknown: Mapping[int, str] = NOTHING
    ) -> Decoded:
        """An answer as it was written. unknown: what UNK stands for, by its place; source: what it answers."""
        raise NotImplementedError

    def display(self, item: Item) -> list[str]:
        """Each item as a person reads it."""
        return self.display_ids(item)

    def display_ids(self, ids: Array) -> list[str]:
        """Each of these ids as a person reads it."""
        raise NotImplementedError

    @property
    def separator(self) -> str:
        """What stands between two items when they are shown in a row."""
        return " "

    def sentences(self, item: Item) -> list[int] | None:
        """How many items each sentence has; None where there are no sentences."""
        return None

    def symbols(self, raw: Raw) -> list[str]:
        """The pieces of a source that its items stand for, known or not."""
        raise Mistake("There are no words in this source that could stand for unknown ones.", "Leave it out.")

    def text_of(self, raw: Raw) -> str:
        """A raw source or target as text; empty where it is none."""
        return raw if isinstance(raw, str) else ""

    def encode_prefix(self, text: str) -> Array:
        """The ids of what an answer begins with; a `Mistake` where answers have no beginning."""
        what = f"The model writes no answers that could begin with '{text[:60]}'."
        raise Mistake(what, "Leave the prefix out.")

    # --- what a target means for training and evaluation

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """A given target for a source, fit to be scored; one that the model could never write is a `Mistake`."""
        return item

    def match(self, item: Item, source: Item) -> Item:
        """What is scored of a given target where its source was cut to this."""
        return item

    def check_many(self, source_lengths: Array, lengths: Array, lines: Sequence[int]) -> None:
        """Whether the targets of many sources can be learned; otherwise a `Mistake` that names the line."""

    def check_known(self, unknown: int) -> None:
        """Whether targets with so many unknown symbols can be learned; a `Mistake` where they cannot."""

    def most_items(self, config: DataConfig) -> int:
        """The longest target that is kept."""
        return config.max_target

    @staticmethod
    def steps(source_length: int, written: int) -> int:
        """How many steps an answer takes to a source of this length, where a free one takes `written`."""
        return written

    def longest_answer(self, longest: int, config: DataConfig) -> int:
        """`decoding.max_length` unless somebody sets it; longest: of the training targets, EOS counted."""
        return longest + longest // 2 + 5

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """The names of what is measured, and of the one that decides, for targets such as these."""
        raise NotImplementedError

    def comparable(self, raw: Raw) -> Any:
        """A target or an answer as it is compared."""
        return raw

    def units(self, text: str) -> list[str]:
        """An answer as what an error rate counts."""
        return list(text)

    def length(self, raw: Raw) -> int:
        """What a likelihood is divided by: characters of a text, steps of values."""
        return len(raw)

    def log_volume(self, item: Item) -> float:
        """What is subtracted from a log-density in the network's units, to have it in the data's; 0 for symbols."""
        return 0.0
