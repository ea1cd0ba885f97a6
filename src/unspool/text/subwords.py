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
from unspool.text.tokenizer import NOTHING, Tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Trained

# Pairs of symbols that occur once are not merged, because they do not generalise.
MIN_PAIRS = 2
# Lines that the library encodes at once, on all cores.
BATCH = 1000
# Decimals of the scores of pieces; more decimals differ between runs with the order of a hash table.
DECIMALS = 4
# The trainer gives unseen bytes scores within this range above the lowest score, in the order of a hash table.
UNSEEN_RANGE = 256 * 0.0001


class SubwordTokenizer(Tokenizer):
    """Pieces of words. Exact for every text; `encode` never returns UNK."""

    def __init__(self, trained: Trained) -> None:
        self._trained = trained
        values = _values()
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

    def tokens(self, ids: Sequence[int]) -> list[str]:
        r"""The text of each piece; its bytes in the form \xEC if it is not valid UTF-8."""
        return shown(ids, self._pieces)

    def to_json(self) -> dict[str, Any]:
        """`kind`, and `tokenizer`: the library's own JSON, in which ids start at 0."""
        return {"kind": self.kind, "tokenizer": json.loads(self._trained.to_str())}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`. Raises `Mistake` if the library cannot read it."""
        return cls(_load(data["tokenizer"]))


class BPETokenizer(SubwordTokenizer):
    """Byte pair encoding: the most frequent pair of neighbouring pieces is merged, repeatedly."""

    kind = "bpe"

    @staticmethod
    def learn(lines: Iterable[str], size: int) -> Trained:
        """See the class."""
        return _train_bpe(lines, size)


class UnigramTokenizer(SubwordTokenizer):
    """Unigram language model: of many candidate pieces, those that maximise the likelihood of the texts are kept."""

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
    data["model"]["vocab"] = _reproducible(data["model"]["vocab"], size)
    return _load(data)


def _reproducible(pieces: list[tuple[str, float | None]], size: int) -> list[tuple[str, float]]:
    """At most `size` pieces with scores (log-probabilities), in an order and a precision that every run reproduces.

    If there is no text, the library returns no scores; then every byte is equally likely.
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
    except Exception as error:  # the library raises no more specific error
        raise Mistake(f"The subwords cannot be read: {error}.", "Copy the tokenizer's file again.") from None


def _values() -> dict[str, int]:
    """The byte of each character by which the library represents bytes: itself if printable, else from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = sorted(set(range(256)) - set(printable))
    return {chr(byte): byte for byte in printable} | {chr(0x100 + place): byte for place, byte in enumerate(others)}
