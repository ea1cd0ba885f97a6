"""The interface of fields. Items are ids `[S]` unless a field says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeAlias

import numpy as np

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.padding import Flat, cut_flat, keep_flat, pad
from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import EOS, UNK, Array, Dimension, Sequences

# Raw data of one side of an example: a text (columns joined by tabs), or an array of real values.
Raw: TypeAlias = Any
# The same, encoded as arrays; its type depends on the field.
Item: TypeAlias = Any
Side = Literal["source", "target"]
# Where a field's data comes from: cells of a table, arrays of an .npz file, or one running text.
Container = Literal["table", "arrays", "running_text"]
# Characters of an excerpt.
EXCERPT = 200


class ColumnData(NamedTuple):
    """One column of training data: all its cells, a sample of them, and its tokenizer in the settings."""

    cells: Callable[[], Iterable[Raw]]
    sample: Callable[[], Sequence[Raw]]
    tokenizer: str = "auto"


class Fitted(NamedTuple):
    """A field, and messages about what was chosen for it and why."""

    field: Field
    messages: list[str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Many items as flat arrays; the lengths of the first part are those of the items.

    copied: for each source that can be copied, the symbols of its ids V, V+1, …
    """

    parts: tuple[Flat, ...]
    copied: Sequence[Sequence[str]] | None = None

    @property
    def lengths(self) -> Array:
        """`[n]`."""
        return self.parts[0].lengths

    def kept(self, which: Array) -> Encoded:
        """The items where `which` `[n]` is True."""
        return Encoded(tuple(keep_flat(part, which) for part in self.parts))


class Decoded(NamedTuple):
    """A decoded answer: its text, the text of each item, and the values `[T, F]` if the target is real values."""

    text: str
    tokens: list[str]
    values: Array | None = None


class Field:
    """One side of an example. `kind` is its name; the defaults suit a sequence of symbols.

    dimension_type: the type of its dimension
    container:    where its data comes from
    ends:         whether an answer ends with EOS
    smoothed:     whether label smoothing is on by default
    may_be_empty: whether an empty source has an answer
    has_answers:  whether there are references to compare answers with; otherwise only likelihoods are measured
    one_for_each: whether an answer has one item for each item of the source
    overlaps:     whether sources of neighbouring examples share text
    unit:         what the items of answers are called together
    noun:         singular and plural of what an example is called; `validation_noun`: the same for validation
    """

    kind: ClassVar[str]
    dimension_type: ClassVar[type[Dimension]]
    container: ClassVar[Container] = "table"
    default_source_tokenizer: ClassVar[str] = "auto"
    ends: bool = False
    smoothed: ClassVar[bool] = True
    may_be_empty: ClassVar[bool] = False
    has_answers: ClassVar[bool] = True
    one_for_each: ClassVar[bool] = False
    overlaps: ClassVar[bool] = False
    unit: ClassVar[str] = "symbols"
    noun: ClassVar[tuple[str, str]] = ("pair", "pairs")
    validation_noun: ClassVar[tuple[str, str]] = ("validation source", "validation sources")

    # --- made and kept

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """A field, fitted on the columns of a side."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Everything that `from_json` needs; its `kind` is the field's own, or a tokenizer's."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: dict[str, Any], config: DataConfig, side: Side) -> Self:
        """The inverse of `to_json`."""
        raise NotImplementedError

    @property
    def dimension(self) -> Dimension:
        """What a network must know about the field."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """A short description."""
        return self.kind

    @property
    def column_kinds(self) -> list[str]:
        """The tokenizer of each column, as in `--columns`."""
        return [self.kind]

    # --- from raw to arrays

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """One item, uncut and without EOS. source: the encoded source, for a target that may copy from it."""
        raise NotImplementedError

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """`encode` of each, as flat arrays."""
        items = [self.parts(self.encode(raw)) for raw in raws]
        lengths = [np.array([len(part) for part in column], dtype=np.int64) for column in zip(*items, strict=True)]
        values = [np.concatenate(column) for column in zip(*items, strict=True)]
        return Encoded(tuple(Flat(*pair) for pair in zip(values, lengths, strict=True)))

    def end(self, item: Item) -> Item:
        """The item with EOS, if answers end with one."""
        return np.append(item, EOS) if self.ends else item

    def truncate(self, item: Item, most: int) -> Item:
        """The first `most` items."""
        return item[:most]

    def truncate_many(self, encoded: Encoded, most: int) -> tuple[Encoded, int]:
        """`truncate` of each item, with EOS after uncut items if answers end with one; and the number of cut items."""
        parts, whole = [], np.ones(len(encoded.lengths), dtype=bool)
        for part in encoded.parts:
            flat, uncut = cut_flat(part, most)
            parts.append(flat)
            whole &= uncut
        if self.ends:  # a cut item does not end here, so a model should not learn an EOS
            (values, lengths) = parts[0]
            parts[0] = Flat(np.insert(values, np.cumsum(lengths)[whole], EOS), lengths + whole)
        return Encoded(tuple(parts), encoded.copied), int(np.count_nonzero(~whole))

    def unknown(self, item: Item) -> int:
        """The number of symbols, in an item or a flat array of many, that training never saw."""
        return int(np.count_nonzero(item == UNK))

    def unseen(self, raw: Raw) -> list[str]:
        """The text of each symbol that training never saw; empty if symbols are not text."""
        return []

    def known_as(self, raw: Raw, unknown: int) -> str:
        """The form of the text (a key of `FORMS`) with fewer than `unknown` unknown symbols; "" if there is none."""
        return ""

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """The type in which each part is stored in memory, and the shape of one of its items."""
        return [(np.min_scalar_type(max(self.dimension.count - 1, 0)), ())]  # type: ignore[union-attr]

    # --- batches

    def parts(self, item: Item) -> tuple[Array, ...]:
        """The arrays of an item, each with its items along the first axis."""
        return (item,)

    def join(self, parts: Sequence[Sequences[Array]]) -> Sequences[Array]:
        """One side of a batch from its padded parts."""
        (only,) = parts
        return only

    def collate(self, items: Sequence[Item]) -> Sequences[Array]:
        """Items as one padded side of a batch."""
        return self.join([pad(part) for part in zip(*map(self.parts, items), strict=True)])

    # --- answers

    def decode(
        self, output: Sequence[int] | Array, source: Item = None, unknown: Mapping[int, str] = NOTHING
    ) -> Decoded:
        """The raw form of an answer. unknown: replacements of UNK by its position; source: the encoded source."""
        raise NotImplementedError

    def display(self, item: Item) -> list[str]:
        """Each item as readable text."""
        return self.display_ids(item)

    def display_ids(self, ids: Array) -> list[str]:
        """Each of these ids as readable text."""
        raise NotImplementedError

    @property
    def separator(self) -> str:
        """The text between two items when they are shown in a row."""
        return " "

    def sentences(self, item: Item) -> list[int] | None:
        """The number of items in each sentence; None if there are no sentences."""
        return None

    def tags(self, raw: Raw) -> list[str]:
        """The symbols of a source that are tags, by which its errors can be grouped."""
        return []

    def symbols(self, raw: Raw) -> list[str]:
        """The text of each item of a source, known or not."""
        raise Mistake("This source has no words that could replace unknown ones.", "Leave --replace-unknown out.")

    def text_of(self, raw: Raw) -> str:
        """A raw source or target as text; empty if it is not text."""
        return raw if isinstance(raw, str) else ""

    def excerpt(self, raw: Raw) -> str:
        """A raw source or target, or its beginning, for people."""
        text = self.text_of(raw)
        return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"

    def changing(self, prefix: Array) -> Array:
        """The ids that must not follow these ids of a prefix, because the answer's text would not begin with it."""
        return np.zeros(0, dtype=np.int64)

    def encode_prefix(self, text: str, source: Item = None) -> Array:
        """The ids of a prefix of answers to an encoded source; a `Mistake` if answers cannot have it."""
        what = f"The model's answers cannot begin with '{text[:60]}'."
        raise Mistake(what, "Leave the prefix out.")

    def read(self, raw: Raw) -> str:
        """A text as the tokenizer gets it."""
        return self.text_of(raw)

    def check_permitting(self) -> None:
        """Raise a `Mistake` if answers cannot be chosen from a list or by a pattern."""
        what = f"Only texts and labels can be permitted, and this model writes {self.kind.replace('_', ' ')}."
        raise Mistake(what, "Leave out --allow and --pattern.")

    def every_answer(self) -> dict[int, str] | None:
        """All answers, by their numbers, if they are so few that they are listed; otherwise None."""
        return None

    def answer_tokenizer(self) -> Tokenizer:
        """The tokenizer of answers that are texts."""
        raise NotImplementedError

    # --- targets in training and evaluation

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """A given target, checked before it is scored; one that the model cannot generate is a `Mistake`."""
        return item

    def match(self, item: Item, source: Item) -> Item:
        """What is scored of a given target where its source was cut to this."""
        return item

    def check_many(self, source_lengths: Array, lengths: Array, lines: Sequence[int]) -> None:
        """Raise a `Mistake` that names the line if a target cannot be learned."""

    def check_known(self, raws: Sequence[Raw], encoded: Encoded, lines: Sequence[int]) -> None:
        """Raise a `Mistake` that names line and symbols if targets have unknown symbols and cannot be learned so."""

    def most_items(self, config: DataConfig) -> int:
        """The maximum length of a target; longer ones are cut."""
        return config.max_target

    @staticmethod
    def steps(source_length: int, written: int) -> int:
        """The number of steps of an answer to a source of this length; `written`: that of an answer of free length."""
        return written

    def longest_answer(self, longest: int, config: DataConfig) -> int:
        """The default of `decoding.max_length`; longest: the longest training target, EOS included."""
        return longest + longest // 2 + 5

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """The metrics that suit such targets, and the one that selects the best weights."""
        raise NotImplementedError

    def comparable(self, raw: Raw) -> Any:
        """A target or an answer in the form in which they are compared."""
        return raw

    def units(self, text: str) -> list[str]:
        """An answer as the units that an error rate counts."""
        return list(text)

    def length(self, raw: Raw) -> int:
        """The number that a log-likelihood is divided by: characters of a text, steps of values."""
        return len(raw)

    def log_volume(self, item: Item) -> float:
        """The term to subtract from a log-density in the network's units to get it in the data's; 0 for symbols."""
        return 0.0
