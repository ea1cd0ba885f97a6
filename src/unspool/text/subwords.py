"""Subwords learned from the data, by the library `tokenizers`.

BPE: Sennrich, Haddow, Birch 2016, arXiv 1508.07909. Unigram: Kudo 2018, arXiv 1804.10959. Both split the UTF-8 bytes
of words, where words are those of GPT-2's pre-tokenizer. Their vocabularies contain all 256 bytes, so every text is
decoded exactly and UNK never occurs. The library's tokenizer has no reserved symbols: its ids are shifted by four, and
"</s>" in the data is plain text.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from unspool.errors import Mistake
from unspool.text.bytes import BYTES, FIRST, RESERVED, joined, shown
from unspool.text.subword_library import byte_values, load, train_bpe, train_unigram
from unspool.text.tokenizer import NOTHING, Tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Trained

# Lines that the library encodes at once, on all cores.
BATCH = 1000


class SubwordTokenizer(Tokenizer):
    """Pieces of words. Exact for every text; `encode` never returns UNK."""

    alphabet = "bytes"

    def __init__(self, trained: Trained) -> None:
        self._trained = trained
        values = byte_values()
        pieces = sorted(trained.get_vocab().items(), key=lambda item: item[1])
        self._pieces = [*RESERVED, *(bytes(values[mark] for mark in piece) for piece, _ in pieces)]

    @classmethod
    def fit(cls, lines: Iterable[str], *, size: int, min_count: int = 1) -> Self:
        """Learn `size` symbols, reserved ones and bytes included; fewer if the data has no more.

        The same lines give the same pieces. Raises `Mistake` if `size` is too small for all bytes.
        """
        if size < len(BYTES):
            what = f"A {cls.kind} vocabulary of {size} symbols is too small: every text needs {len(BYTES)}."
            raise Mistake(what, f"Set data.subword_size to more than {len(BYTES)}.")
        return cls(cls.learn(lines, size - FIRST))

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """The library's tokenizer with at most `size` pieces."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._pieces)

    def encode(self, text: str) -> list[int]:
        """One id for each piece."""
        return [number + FIRST for number in self._trained.encode(text).ids]

    def encode_many(self, lines: Sequence[str]) -> Iterator[list[int]]:
        """`encode` of each line, in order, on all cores."""
        remaining = iter(lines)
        while batch := list(itertools.islice(remaining, BATCH)):
            for encoding in self._trained.encode_batch_fast(batch):
                yield [number + FIRST for number in encoding.ids]

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """The text; U+FFFD for bytes that are not UTF-8. Models never learn to generate UNK."""
        return joined(ids, self._pieces)

    def written(self) -> Sequence[bytes]:
        """The bytes of each piece."""
        return self._pieces[FIRST:]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        r"""The text of each piece; its bytes in the form \xEC if it is not valid UTF-8."""
        return shown(ids, self._pieces)

    def to_json(self) -> dict[str, Any]:
        """`kind`, and `tokenizer`: the library's own JSON, in which ids start at 0."""
        return {"kind": self.kind, "tokenizer": json.loads(self._trained.to_str())}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`. Raises `Mistake` if it is not what `to_json` writes."""
        return cls(load(cls.kind, data["tokenizer"]))


class BPETokenizer(SubwordTokenizer):
    """Byte pair encoding: the most frequent pair of neighbouring pieces is merged, repeatedly."""

    kind = "bpe"

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """See the class."""
        return train_bpe(lines, size)


class UnigramTokenizer(SubwordTokenizer):
    """Unigram language model: of many candidate pieces, those that maximise the likelihood of the texts are kept."""

    kind = "unigram"

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """See the class."""
        return train_unigram(lines, size)
