"""Documents: texts as sentences of symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from unspool.config import DataConfig
from unspool.fields.field import Encoded, Item, Raw, Side
from unspool.fields.padding import Flat, cut_flat
from unspool.fields.text import AS_IT_IS, TextField, as_text, folding_of
from unspool.text.forms import Folding
from unspool.text.sentences import sentences
from unspool.text.tokenizer import Tokenizer
from unspool.types import PAD, Array, Sentences, Sequences


@dataclass(frozen=True, slots=True)
class Document:
    """A text as sentences of words.

    ids:       `[S]` words of all sentences
    sentences: `[N]` the number of words in each sentence
    """

    ids: Array
    sentences: Array

    def __len__(self) -> int:
        """The number of words."""
        return len(self.ids)


class DocumentField(TextField):
    """Splits a text into sentences; a sentence of more than `longest` symbols is cut into pieces of similar length."""

    kind = "document"
    dimension_type = Sentences

    def __init__(self, tokenizer: Tokenizer, longest: int, folding: Folding = AS_IT_IS) -> None:
        super().__init__(tokenizer, folding=folding)
        self.longest = longest

    @classmethod
    def of(cls, tokenizer: Tokenizer, config: DataConfig, side: Side) -> Self:
        """See `TextField.of`."""
        return cls(tokenizer, config.max_sentence, folding_of(config, side))

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """The document's words, and the number of words in each sentence."""
        ids, inside = self.encode_many([as_text(raw)]).parts
        return Document(ids.values.astype(np.int64), inside.values)

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """See `Field.encode_many`."""
        found = [sentences(self.folding(raw)) for raw in raws]
        ids, whole = self.tokenizer.encode_flat([sentence for document in found for sentence in document])
        pieces = -(-whole // self.longest)
        owner = np.repeat(np.arange(len(raws)), [len(document) for document in found])
        lengths = np.bincount(owner, whole, minlength=len(raws)).astype(np.int64)
        counts = np.bincount(owner, pieces, minlength=len(raws)).astype(np.int64)
        return Encoded((Flat(ids, lengths), Flat(_pieces(whole, pieces), counts)))

    def truncate(self, item: Item, most: int) -> Item:
        """The first `most` words; the last sentence may become shorter."""
        inside = np.clip(most - (np.cumsum(item.sentences) - item.sentences), 0, item.sentences)
        return Document(item.ids[:most], inside[inside > 0])

    def truncate_many(self, encoded: Encoded, most: int) -> tuple[Encoded, int]:
        """Words are cut here, and sentences when a batch is made."""
        ids, inside = encoded.parts
        cut, whole = cut_flat(ids, most)
        return Encoded((cut, inside)), int(np.count_nonzero(~whole))

    def unknown(self, item: Item) -> int:
        """The number of words that training never saw."""
        return super().unknown(getattr(item, "ids", item))

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """The types of the words, and of the sentences' lengths."""
        counts = (len(self.tokenizer), self.longest + 1)
        return [(np.min_scalar_type(max(count - 1, 0)), ()) for count in counts]

    def parts(self, item: Item) -> tuple[Array, ...]:
        """The words, and the lengths of the sentences."""
        return item.ids, item.sentences

    def join(self, parts: Sequence[Sequences[Array]]) -> Sequences[Array]:
        """Nested ids."""
        words, inside = parts
        return nest(words, inside)

    def display(self, item: Item) -> list[str]:
        """Each word as its tokenizer shows it."""
        return self.display_ids(item.ids)

    def sentences(self, item: Item) -> list[int] | None:
        """The number of words in each sentence."""
        lengths: list[int] = item.sentences.tolist()
        return lengths


def nest(words: Sequences[Array], inside: Sequences[Array]) -> Sequences[Array]:
    """Nested ids `[B, N, W]` from documents `[B, S]` and the lengths of their sentences `[B, N]`.

    Sentences after the last word are dropped, and the last one may be cut.
    """
    begin = np.cumsum(inside.values, 1) - inside.values
    inner = np.clip(words.lengths[:, None] - begin, 0, inside.values)
    lengths = (inner > 0).sum(1)
    inner = inner[:, : max(1, lengths.max(initial=0))]
    real = np.arange(max(1, inner.max(initial=0))) < inner[..., None]
    values = np.full(real.shape, PAD, dtype=np.int64)
    values[real] = words.values[np.arange(words.values.shape[1]) < words.lengths[:, None]]
    return Sequences(values, lengths, inner)


def _pieces(whole: Array, pieces: Array) -> Array:
    """Lengths of the pieces of sentences of lengths `whole`, each cut into `pieces`; the first are longer by one."""
    place = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    short, rest = np.divmod(whole, np.maximum(pieces, 1))
    lengths: Array = np.repeat(short, pieces) + (place < np.repeat(rest, pieces))
    return lengths
