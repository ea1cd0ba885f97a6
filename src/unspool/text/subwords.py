"""Subwords learned from the data, and the door to the library `tokenizers`.

BPE: Sennrich, Haddow, Birch 2016, arXiv 1508.07909. Unigram: Kudo 2018, arXiv 1804.10959. Both work on UTF-8 bytes
inside words as GPT-2 cuts them, and hold all 256 bytes, so that every text comes back exactly and UNK never occurs.
The library has no reserved symbols here: its ids are shifted by four, and "</s>" in the data is plain text.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from unspool.errors import Mistake
from unspool.text.bytes import BYTES, FIRST, RESERVED, joined, shown
from unspool.text.tokenizer import NOTHING, Tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Trained

# Pairs of symbols seen once are not merged: they say nothing about other text.
MIN_PAIRS = 2
# Lines handed to the library at once; it spreads them over the processor's cores.
BATCH = 1000
# Scores of pieces are kept to so many decimals: the rest differs from run to run with the order of a hash table.
DECIMALS = 4
# The trainer lays bytes it never saw this far apart above the lowest score, in the order of a hash table.
UNSEEN_RANGE = 256 * 0.0001


class SubwordTokenizer(Tokenizer):
    """Pieces of words. Exact for every text; UNK never comes out of `encode`."""

    def __init__(self, trained: Trained) -> None:
        self._trained = trained
        values = _values()
        pieces = sorted(trained.get_vocab().items(), key=lambda item: item[1])
        self._pieces = [*RESERVED, *(bytes(values[mark] for mark in piece) for piece, _ in pieces)]

    @classmethod
    def fit(cls, lines: Iterable[str], *, size: int, min_count: int = 1) -> Self:
        """Learn `size` symbols, reserved ones and bytes included; fewer where the data has no more.

        The same lines give the same pieces. Raises `Mistake` where `size` has no room for every byte.
        """
        if size < len(BYTES):
            what = f"A {cls.kind} vocabulary of {size} symbols cannot hold the {len(BYTES)} that every text needs."
            raise Mistake(what, f"Set data.subword_size to more than {len(BYTES)}.")
        return cls(cls.learn(lines, size - FIRST))

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """At most so many pieces, by the library."""
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
        """The text; U+FFFD where the bytes of the pieces are not UTF-8. No model learns to write UNK."""
        return joined(ids, self._pieces)

    def tokens(self, ids: Sequence[int]) -> list[str]:
        r"""The text of each piece; its bytes, like \xEC, where it is not UTF-8 by itself."""
        return shown(ids, self._pieces)

    def to_json(self) -> dict[str, Any]:
        """`kind`, and under `tokenizer` what the library saves, where ids start at 0."""
        return {"kind": self.kind, "tokenizer": json.loads(self._trained.to_str())}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`. Raises `Mistake` where the library cannot read it."""
        return cls(_load(data["tokenizer"]))


class BPETokenizer(SubwordTokenizer):
    """Pairs of pieces that stand together most often are merged, again and again."""

    kind = "bpe"

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """See the class."""
        return _train_bpe(lines, size)


class UnigramTokenizer(SubwordTokenizer):
    """Of many candidates those pieces are kept that make the texts likeliest."""

    kind = "unigram"

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """See the class."""
        return _train_unigram(lines, size)


def _train_bpe(lines: Iterable[str], size: int) -> Trained:
    from tokenizers import models, trainers

    trained = _untrained(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=MIN_PAIRS, show_progress=False, initial_alphabet=sorted(_values())
    )
    trained.train_from_iterator(lines, trainer)
    return trained


def _train_unigram(lines: Iterable[str], size: int) -> Trained:
    from tokenizers import models, trainers

    trained = _untrained(models.Unigram())
    trainer = trainers.UnigramTrainer(vocab_size=size, show_progress=False, initial_alphabet=sorted(_values()))
    trained.train_from_iterator(lines, trainer)
    data = json.loads(trained.to_str())
    data["model"]["vocab"] = _settled(data["model"]["vocab"], size)
    return _load(data)


def _settled(pieces: list[tuple[str, float | None]], size: int) -> list[tuple[str, float]]:
    """At most `size` pieces with scores (log-probabilities), in an order and to a precision that every run repeats.

    Without any text the library gives no scores; then every byte is equally likely.
    """
    scores = {piece: score or 0.0 for piece, score in pieces}
    unseen = min(scores.values()) + UNSEEN_RANGE
    for piece, score in scores.items():
        scores[piece] = round(min(scores.values()) if len(piece) == 1 and score <= unseen else score, DECIMALS)
    ranked = sorted(scores, key=lambda piece: (-scores[piece], piece))
    longer = [piece for piece in ranked if len(piece) > 1]
    cut = set(longer[max(0, size - len(ranked) + len(longer)) :])
    return [(piece, scores[piece]) for piece in ranked if piece not in cut]


def _untrained(model: Any) -> Trained:
    from tokenizers import Tokenizer, pre_tokenizers

    trained = Tokenizer(model)
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return trained


def _load(data: Any) -> Trained:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_str(json.dumps(data))
    except Exception as error:  # the library raises nothing more special
        raise Mistake(f"The subwords cannot be read: {error}.", "Copy the tokenizer's file again.") from None


def _values() -> dict[str, int]:
    """The byte behind each character in which the library writes bytes: itself if printable, else from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = sorted(set(range(256)) - set(printable))
    return {chr(byte): byte for byte in printable} | {chr(0x100 + place): byte for place, byte in enumerate(others)}
