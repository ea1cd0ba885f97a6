"""The kinds of tokenizer by name: fit one, suggest one for data, read one from JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from unspool.errors import Mistake, nearest
from unspool.text.bytes import ByteTokenizer
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer
from unspool.text.joined import JoinedTokenizer
from unspool.text.labels import LabelTokenizer
from unspool.text.sentencepiece_model import ENDING, SentencePieceTokenizer
from unspool.text.subwords import BPETokenizer, UnigramTokenizer
from unspool.text.tags import TagTokenizer, are_tags
from unspool.text.tokenizer import Tokenizer
from unspool.text.words import WordTokenizer


class TokenizerClass(Protocol):
    """The interface of the class of a tokenizer."""

    def fit(self, lines: Iterable[str], *, size: int, min_count: int) -> Tokenizer:
        """Learn from lines; size: symbols of a subword vocabulary; min_count: rarer symbols become UNK."""
        ...

    def from_json(self, data: dict[str, Any]) -> Tokenizer:
        """The inverse of `to_json`."""
        ...


TOKENIZERS: dict[str, TokenizerClass] = {
    "bpe": BPETokenizer,
    "bytes": ByteTokenizer,
    "chars": CharTokenizer,
    "jamo": JamoTokenizer,
    "label": LabelTokenizer,
    "tags": TagTokenizer,
    "unigram": UnigramTokenizer,
    "words": WordTokenizer,
}

# A closed set of symbols between spaces, such as phonemes: at most this many kinds, each used this often on average.
CLOSED_KINDS, CLOSED_USES = 200, 20
# The least words per line and in all for which subwords are suggested; with fewer, characters generalise better.
SENTENCE_WORDS, LEARNABLE_WORDS = 4.0, 20_000


def fit(kind: str, lines: Iterable[str], *, size: int, min_count: int) -> Tokenizer:
    """A tokenizer of a kind, fitted on lines; an unknown kind is a `Mistake` that suggests the nearest.

    The path of a sentencepiece model stands for the tokenizer that it holds.
    """
    if kind.endswith(ENDING):
        return SentencePieceTokenizer.read(Path(kind))
    return _class(kind).fit(lines, size=size, min_count=min_count)


def is_tokenizer(data: dict[str, Any]) -> bool:
    """Whether this is the JSON of a tokenizer."""
    return data.get("kind") in (*TOKENIZERS, JoinedTokenizer.kind, SentencePieceTokenizer.kind)


def from_json(data: dict[str, Any]) -> Tokenizer:
    """A tokenizer from its JSON."""
    if data.get("kind", "") == JoinedTokenizer.kind:
        return JoinedTokenizer([_single(part) for part in data["parts"]])
    return _single(data)


def _single(data: dict[str, Any]) -> Tokenizer:
    if data.get("kind", "") == SentencePieceTokenizer.kind:
        return SentencePieceTokenizer.from_json(data)
    return _class(str(data.get("kind", ""))).from_json(data)


def suggest(lines: Sequence[str]) -> tuple[str, str]:
    """The kind that suits a sample of a column, and the reason as part of a sentence."""
    if are_tags(lines):
        return "tags", "bundles of tags, such as V;IMP"
    split = [line.split() for line in lines]
    words = [word for line in split for word in line]
    kinds = len(set(words))
    if len(words) > 1.5 * len(lines) and kinds <= CLOSED_KINDS and len(words) >= CLOSED_USES * kinds:
        return "words", f"few different symbols between spaces ({kinds}), each used many times"
    if len(words) >= max(LEARNABLE_WORDS, SENTENCE_WORDS * len(lines)):
        return "bpe", "texts of several words, and enough of them to learn subwords"
    if _hangul(lines) > 0.5:
        return "jamo", "mostly Hangul, in which letters generalise better than syllables"
    return "chars", "short texts, or too few of them to learn larger symbols"


def _class(kind: str) -> TokenizerClass:
    if kind not in TOKENIZERS:
        raise Mistake(f"There is no tokenizer '{kind}'.", nearest(kind, TOKENIZERS))
    return TOKENIZERS[kind]


def _hangul(lines: Sequence[str]) -> float:
    """The share of Hangul syllables among the letters."""
    letters = [ord(character) for line in lines for character in line if character.isalpha()]
    return sum(0xAC00 <= letter <= 0xD7A3 for letter in letters) / max(1, len(letters))
