"""The interface of tokenizers, with the defaults that most of them share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, Literal

import numpy as np

from unspool.types import Array

NOTHING: Mapping[int, str] = {}


class Tokenizer:
    """Strings to ids and back. `decode(encode(s)) == s`, unless the class documents what it normalises.

    kind:     its name in settings and in JSON
    spelled:  each symbol is a piece of the text, so unknown symbols have a text too
    symbolic: error rates count whole symbols (words, tags, labels), not their characters
    alphabet: the units that `written` spells symbols with
    """

    kind: str
    spelled: ClassVar[bool] = False
    symbolic: ClassVar[bool] = False
    alphabet: ClassVar[Literal["characters", "jamo", "bytes"]] = "characters"

    def __len__(self) -> int:
        """The number of ids, the reserved ones included."""
        raise NotImplementedError

    def encode(self, text: str) -> list[int]:
        """Ids without BOS and EOS; an unknown symbol becomes UNK."""
        raise NotImplementedError

    def encode_many(self, lines: Sequence[str]) -> Iterable[list[int]]:
        """`encode` of each line, in order."""
        return map(self.encode, lines)

    def encode_flat(self, lines: Sequence[str]) -> tuple[Array, Array]:
        """The ids of many lines, one line after the other, and the number of ids of each line `[n]`."""
        encoded = list(self.encode_many(lines))
        lengths = np.fromiter(map(len, encoded), np.int64, len(lines))
        return np.fromiter(chain.from_iterable(encoded), np.int64, lengths.sum()), lengths

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """The text; PAD, BOS and EOS are skipped. unknown: replacements of UNK by its position in `ids`."""
        raise NotImplementedError

    def changing(self, ids: Sequence[int]) -> list[int]:
        """The ids that change the text of the ids before them, so that it no longer begins with `decode(ids)`."""
        return []

    def written(self) -> Sequence[str | bytes]:
        """What each symbol but the reserved ones writes, without separators: characters, jamo or bytes of UTF-8."""
        raise NotImplementedError

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Each id as readable text, for tables and pictures of attention."""
        raise NotImplementedError

    def symbols(self, text: str) -> list[str]:
        """The piece of the text of each id of `encode(text)`, known or not."""
        return self.tokens(self.encode(text))

    @property
    def parts(self) -> list[Tokenizer]:
        """The tokenizers of the columns: only this one, unless several are joined."""
        return [self]

    def columns(self, text: str) -> list[str]:
        """The text of each part."""
        return [text]

    @property
    def separator(self) -> str:
        """The text between two symbols."""
        return ""

    def units(self, text: str) -> list[str]:
        """An answer as the units that an error rate counts: characters by default."""
        return list(text)

    def normal(self, text: str) -> str:
        """The text in the form in which answers are compared: with normalised white space if the tokenizer does so."""
        return text

    def to_json(self) -> dict[str, Any]:
        """Everything that `from_json` needs, `kind` included."""
        raise NotImplementedError
