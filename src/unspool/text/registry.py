"""The kinds of tokenizer by name: fit one, choose one for data, read one back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

from unspool.errors import Mistake, nearest
from unspool.text.bytes import ByteTokenizer
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer
from unspool.text.joined import JoinedTokenizer
from unspool.text.labels import LabelTokenizer
from unspool.text.reals import RealReader
from unspool.text.subwords import SubwordTokenizer
from unspool.text.tags import TagTokenizer
from unspool.text.words import WordTokenizer
from unspool.types import Array, Tokenizer

READERS: dict[str, Callable[[dict[str, Any]], Tokenizer]] = {
    "bpe": SubwordTokenizer.from_json,
    "bytes": ByteTokenizer.from_json,
    "chars": CharTokenizer.from_json,
    "jamo": JamoTokenizer.from_json,
    "label": LabelTokenizer.from_json,
    "reals": RealReader.from_json,
    "tags": TagTokenizer.from_json,
    "unigram": SubwordTokenizer.from_json,
    "words": WordTokenizer.from_json,
}
KINDS = tuple(kind for kind in READERS if kind != RealReader.kind)

# A closed set of symbols between spaces, as phonemes are: few kinds, each used often.
CLOSED_KINDS, CLOSED_USES = 200, 20
# Words to a line and words in all from which on subwords are worth learning; with less, characters generalise better.
SENTENCE_WORDS, LEARNABLE_WORDS = 4.0, 20_000


def fit(kind: str, lines: Iterable[str], *, size: int, min_count: int) -> Tokenizer:
    """A tokenizer of a kind, fitted on lines.

    size: symbols of a bpe or unigram vocabulary; min_count: rarer chars, words and tags become UNK
    """
    match kind:
        case "chars":
            return CharTokenizer.fit(lines, min_count=min_count)
        case "words":
            return WordTokenizer.fit(lines, min_count=min_count)
        case "tags":
            return TagTokenizer.fit(lines, min_count=min_count)
        case "label":
            return LabelTokenizer.fit(lines)
        case "jamo":
            return JamoTokenizer.fit(lines, min_count=min_count)
        case "bytes":
            return ByteTokenizer()
        case "bpe" | "unigram":
            return SubwordTokenizer.fit(kind, lines, size=size)
    raise Mistake(f"There is no tokenizer '{kind}'.", nearest(kind, KINDS))


def from_json(data: dict[str, Any]) -> Tokenizer:
    """A tokenizer from what its `to_json` gave."""
    kind = data.get("kind", "")
    if kind == JoinedTokenizer.kind:
        return JoinedTokenizer([from_json(part) for part in data["parts"]])
    if kind not in READERS:
        raise Mistake(f"There is no tokenizer '{kind}'.", nearest(str(kind), KINDS))
    return READERS[kind](data)


def encode_many(tokenizer: Tokenizer, lines: Sequence[str]) -> Iterable[list[int]]:
    """Encode many lines, by the tokenizer's own faster way where it has one."""
    if isinstance(tokenizer, SubwordTokenizer):
        return tokenizer.encode_many(lines)
    return map(tokenizer.encode, lines)


def encode_flat(tokenizer: Tokenizer, lines: Sequence[str]) -> tuple[Array, Array]:
    """The ids of many lines, one behind the other, and how many of them are each line's `[n]`."""
    if isinstance(tokenizer, CharTokenizer):
        return tokenizer.encode_flat(lines), np.fromiter(map(len, lines), np.int64, len(lines))
    encoded = list(encode_many(tokenizer, lines))
    lengths = np.fromiter(map(len, encoded), np.int64, len(lines))
    return np.fromiter(chain.from_iterable(encoded), np.int64, lengths.sum()), lengths


def suggest(lines: Sequence[str]) -> tuple[str, str]:
    """The kind that suits a sample of a column, and why in half a sentence."""
    split = [line.split() for line in lines]
    words = [word for line in split for word in line]
    kinds = len(set(words))
    if len(words) > 1.5 * len(lines) and kinds <= CLOSED_KINDS and len(words) >= CLOSED_USES * kinds:
        return "words", f"different symbols between spaces ({kinds}), used again and again"
    if len(words) >= max(LEARNABLE_WORDS, SENTENCE_WORDS * len(lines)):
        return "bpe", "texts of several words, and enough of them to learn pieces from"
    if _hangul(lines) > 0.5:
        return "jamo", "mostly Hangul, whose letters generalise better than its syllables"
    return "chars", "short texts, or too few of them to learn larger pieces"


def _hangul(lines: Sequence[str]) -> float:
    """The share of Hangul syllables among the letters."""
    letters = [ord(character) for line in lines for character in line if character.isalpha()]
    return sum(0xAC00 <= letter <= 0xD7A3 for letter in letters) / max(1, len(letters))
