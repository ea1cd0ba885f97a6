"""Text as a sequence of symbols: the default field of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, Self

import numpy as np

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Decoded, Encoded, Field, Fitted, Item, Raw, Side
from unspool.fields.padding import Flat
from unspool.text import registry
from unspool.text.forms import FORMS, Folding
from unspool.text.joined import JoinedTokenizer
from unspool.text.surrogates import holds_surrogates
from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import UNK, Array, Dimension, Symbols

# The mean number of words from which on answers count as sentences, such as translations, and not as word forms.
SENTENCE_WORDS = 3.0
AS_IT_IS = Folding()


class TextField(Field):
    """Ids `[S]` of a tokenizer; several columns are joined by tabs, each with its own tokenizer.

    most_copied: how many ids from V on may stand in a target, for symbols copied from its source
    folding:     the change of every text before it is read (`data.lowercase`, `data.normalize`)
    """

    kind = "text"
    dimension_type: ClassVar[type[Dimension]] = Symbols
    # Whether a target has an EOS.
    answers_end: ClassVar[bool] = True
    # Supported tokenizers; empty: all of them.
    tokenizers: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, tokenizer: Tokenizer, *, ends: bool = False, most_copied: int = 0, folding: Folding = AS_IT_IS
    ) -> None:
        self.tokenizer, self.ends, self.most_copied, self.folding = tokenizer, ends, most_copied, folding

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """A tokenizer for each column, by its name or suggested by a sample of the column."""
        cls.check_columns(columns)
        columns, parts, messages = folded(columns, folding_of(config, side)), [], []
        for column in columns:
            kind = cls.tokenizer_for(column.tokenizer)
            if kind == "auto":
                kind, reason = registry.suggest(column.sample())
                messages.append(f"The {side} is read as {kind}: {reason}")
            parts.append(registry.fit(kind, column.cells(), size=config.subword_size, min_count=config.min_count))
        tokenizer = parts[0] if len(parts) == 1 else JoinedTokenizer(parts)
        return Fitted(cls.of(tokenizer, config, side), messages)

    @classmethod
    def check_columns(cls, columns: Sequence[ColumnData]) -> None:
        """Raise a `Mistake` if the field cannot be fitted on such columns."""

    @classmethod
    def tokenizer_for(cls, asked: str) -> str:
        """The tokenizer for a setting; "auto" may have a fixed meaning."""
        return asked

    @classmethod
    def of(cls, tokenizer: Tokenizer, config: DataConfig, side: Side) -> Self:
        """The field of a fitted tokenizer."""
        return cls(tokenizer, ends=cls.answers_end and side == "target", folding=folding_of(config, side))

    def to_json(self) -> dict[str, Any]:
        """The tokenizer's JSON."""
        return self.tokenizer.to_json()

    @classmethod
    def from_json(cls, data: dict[str, Any], config: DataConfig, side: Side) -> Self:
        """See `Field.from_json`."""
        return cls.of(registry.from_json(data), config, side)

    @property
    def dimension(self) -> Dimension:
        """The tokenizer's number of symbols."""
        return self.dimension_type(len(self.tokenizer))

    @property
    def summary(self) -> str:
        """The tokenizer and its size."""
        return f"{self.tokenizer.kind}, {len(self.tokenizer):,} symbols"

    @property
    def column_kinds(self) -> list[str]:
        """The tokenizers' kinds."""
        return [part.kind for part in self.tokenizer.parts]

    def read(self, raw: Raw) -> str:
        """The text as the tokenizer gets it."""
        return self.folding(as_text(raw))

    def length(self, raw: Raw) -> int:
        """The characters of the text as it is read."""
        return len(self.read(raw))

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """Ids; unknown symbols that can be copied from the source have ids from V on."""
        copied = getattr(source, "copied", ())
        return np.array(self._encode_copied(self.read(raw), copied), dtype=np.int64)

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """See `Field.encode_many`."""
        raws = [self.folding(raw) for raw in raws]
        if source is not None and source.copied is not None:
            rows = [self._encode_copied(raw, copied) for raw, copied in zip(raws, source.copied, strict=True)]
            lengths = np.array([len(row) for row in rows], dtype=np.int64)
            return Encoded((Flat(np.fromiter(chain.from_iterable(rows), np.int64, int(lengths.sum())), lengths),))
        return Encoded((Flat(*self.tokenizer.encode_flat(raws)),))

    def unseen(self, raw: Raw) -> list[str]:
        """See `Field.unseen`."""
        text = self.read(raw)
        pairs = zip(self.tokenizer.encode(text), self.tokenizer.symbols(text), strict=True)
        return [symbol for number, symbol in pairs if number == UNK]

    def known_as(self, raw: Raw, unknown: int) -> str:
        """See `Field.known_as`."""
        text = as_text(raw)
        return next((name for name, form in FORMS.items() if self.unknown(self.encode(form.of(text))) < unknown), "")

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """Of ids, those that were copied among them."""
        return [(np.min_scalar_type(max(len(self.tokenizer) + self.most_copied - 1, 0)), ())]

    def decode(
        self, output: Sequence[int] | Array, source: Item = None, unknown: Mapping[int, str] = NOTHING
    ) -> Decoded:
        """The text, and the text of each symbol."""
        size, symbols = len(self.tokenizer), getattr(source, "copied", ())
        copied = {place: symbols[item - size] for place, item in enumerate(output) if item >= size}
        ids = [UNK if place in copied else int(item) for place, item in enumerate(output)]
        known = {**unknown, **copied}
        tokens = [known.get(place, token) for place, token in enumerate(self.tokenizer.tokens(ids))]
        return Decoded(self.tokenizer.decode(ids, known), tokens)

    def display_ids(self, ids: Array) -> list[str]:
        """The tokenizer's text of each id."""
        return self.tokenizer.tokens(ids.tolist())

    @property
    def separator(self) -> str:
        """The tokenizer's separator."""
        return self.tokenizer.separator

    def tags(self, raw: Raw) -> list[str]:
        """The symbols of the columns that are read as tags."""
        columns = zip(self.tokenizer.parts, self.tokenizer.columns(self.read(raw)), strict=True)
        return [tag for part, column in columns if part.kind == "tags" for tag in part.symbols(column)]

    def symbols(self, raw: Raw) -> list[str]:
        """The pieces of the text."""
        return self.tokenizer.symbols(self.read(raw))

    def changing(self, prefix: Array) -> Array:
        """See `Field.changing`."""
        if prefix.max(initial=0) >= len(self.tokenizer):  # with symbols of the source, which stand for themselves
            return super().changing(prefix)
        return np.array(self.tokenizer.changing(prefix.tolist()), dtype=np.int64)

    def check_permitting(self) -> None:
        """Texts can be permitted."""

    def answer_tokenizer(self) -> Tokenizer:
        """The tokenizer."""
        return self.tokenizer

    def encode_prefix(self, text: str, source: Item = None) -> Array:
        """Ids; the last of several joined columns may be missing.

        A symbol that is neither in the vocabulary nor among those that can be copied from the source is a `Mistake`.
        """
        text = self.read(text)
        whole = text + "\t" * max(0, len(self.tokenizer.parts) - 1 - text.count("\t"))
        ids = self._encode_copied(whole, getattr(source, "copied", ()))
        if UNK in ids:
            unknown = self.tokenizer.symbols(whole)[ids.index(UNK)]
            what = f"No answer can begin with '{text[:60].rstrip()}': the model does not know the symbol '{unknown}'."
            raise Mistake(what, "Use only symbols that occur in the targets of its training data.")
        return np.array(ids, dtype=np.int64)

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """For sentences chrF and BLEU; for words and forms exact match, with the symbol error rate as the main metric.

        The error rate improves long before the first answer is fully right.
        """
        words = sum(len(answer.split()) for answer in answers)
        if not self.tokenizer.symbolic and words >= SENTENCE_WORDS * max(1, len(answers)):
            return ["chrf", "bleu", "symbol_error_rate"], "chrf"
        return ["exact_match", "symbol_error_rate"], "symbol_error_rate"

    def comparable(self, raw: Raw) -> Any:
        """The text with the tokenizer's normalisation."""
        return self.tokenizer.normal(self.read(raw))

    def units(self, text: str) -> list[str]:
        """The tokenizer's units."""
        return self.tokenizer.units(text)

    def _encode_copied(self, text: str, copied: Sequence[str]) -> list[int]:
        """Ids, in which unknown symbols that are among the source's `copied` have the ids V, V+1, …"""
        ids = self.tokenizer.encode(text)
        if not copied or UNK not in ids:
            return ids
        numbers = {symbol: len(self.tokenizer) + place for place, symbol in enumerate(copied)}
        pairs = zip(ids, self.tokenizer.symbols(text), strict=True)
        return [numbers.get(symbol, UNK) if number == UNK else number for number, symbol in pairs]


def folding_of(config: DataConfig, side: Side) -> Folding:
    """The change of the texts of a side."""
    return Folding(config.lowercase in (side, "both"), config.normalize if config.normalize != "none" else "")


def folded(columns: Sequence[ColumnData], folding: Folding) -> list[ColumnData]:
    """Columns whose texts are changed so."""
    if folding == AS_IT_IS:
        return list(columns)
    return [
        column._replace(
            cells=lambda column=column: map(folding, column.cells()),  # type: ignore[misc]
            sample=lambda column=column: [*map(folding, column.sample())],  # type: ignore[misc]
        )
        for column in columns
    ]


def as_text(raw: Raw) -> str:
    """The raw data if it is text; otherwise a `Mistake`."""
    if isinstance(raw, str):
        if holds_surrogates(raw):
            what = f"A text holds half of a surrogate pair, which is not a character: {raw[:60]!a}."
            raise Mistake(what, "Write the character itself; or read the text as what it is, for example UTF-8.")
        return raw
    shape = getattr(raw, "shape", None)
    what = f"an array of shape {shape}" if shape is not None else f"a {type(raw).__name__}"
    raise Mistake(f"The model reads text, and got {what}.", "Give it a list of texts.")


def fit_shared(
    kinds: tuple[type[TextField], type[TextField]], columns: Sequence[ColumnData], config: DataConfig
) -> tuple[Field, Field, list[str]]:
    """One tokenizer for both sides, fitted on both."""
    sides: tuple[Side, Side] = ("source", "target")
    columns = [
        folded([column], folding_of(config, side))[0] for side, column in zip(sides, columns, strict=False)
    ] + list(columns[2:])
    wanted = [kind.tokenizer_for(column.tokenizer) for kind, column in zip(kinds, columns, strict=False)]
    asked = sorted({*wanted} - {"auto"})
    if len(columns) != 2 or len(asked) > 1 or asked == ["label"]:
        named = ", ".join(column.tokenizer for column in columns)
        what = f"One vocabulary for both sides needs one column and one tokenizer for each, not {named}."
        raise Mistake(what, "Name the same tokenizer for both, or leave data.shared_vocabulary out.")
    messages, kind = [], asked[0] if asked else ""
    if not kind:
        kind, reason = registry.suggest([cell for column in columns for cell in column.sample()])
        messages.append(f"Both sides are read as {kind}: {reason}")

    def cells() -> Iterable[str]:
        return chain.from_iterable(column.cells() for column in columns)

    both = registry.fit(kind, cells(), size=config.subword_size, min_count=config.min_count)
    return kinds[0].of(both, config, "source"), kinds[1].of(both, config, "target"), messages
