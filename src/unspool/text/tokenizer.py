"""What every tokenizer can be asked, and what most of them answer alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import numpy as np

from unspool.types import Array

NOTHING: Mapping[int, str] = {}


class Tokenizer:
    """Strings to ids and back. `decode(encode(s)) == s`, or the class says what it folds.

    kind:     its name in settings and in JSON
    spelled:  each symbol is a piece of the text that can be written even where the vocabulary lacks it
    symbolic: people count the symbols themselves (words, tags, labels), not the characters that they are made of
    """

    kind: str
    spelled: ClassVar[bool] = False
    symbolic: ClassVar[bool] = False

    def __len__(self) -> int:
        """Ids in all, the reserved ones included."""
        raise NotImplementedError

    def encode(self, text: str) -> list[int]:
        """Ids without BOS and EOS; a symbol never seen becomes UNK."""
        raise NotImplementedError

    def encode_many(self, lines: Sequence[str]) -> Iterable[list[int]]:
        """`encode` of each line, in order."""
        return map(self.encode, lines)

    def encode_flat(self, lines: Sequence[str]) -> tuple[Array, Array]:
        """The ids of many lines, one line after the other, and how many of them belong to each line `[n]`."""
        encoded = list(self.encode_many(lines))
        lengths = np.fromiter(map(len, encoded), np.int64, len(lines))
        return np.fromiter(chain.from_iterable(encoded), np.int64, lengths.sum()), lengths

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """The text again; PAD, BOS and EOS are skipped. unknown: what UNK stands for, by its place in `ids`."""
        raise NotImplementedError

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Each id as a person would read it, for tables and attention pictures."""
        raise NotImplementedError

    def symbols(self, text: str) -> list[str]:
        """The piece of the text that each id of `encode(text)` stands for, whether it is known or not."""
        return self.tokens(self.encode(text))

    @property
    def parts(self) -> list[Tokenizer]:
        """The tokenizers of single columns: this one, unless several are joined."""
        return [self]

    def columns(self, text: str) -> list[str]:
        """The text of each part."""
        return [text]

    @property
    def separator(self) -> str:
        """What stands between two symbols in a text."""
        return ""

    def units(self, text: str) -> list[str]:
        """An answer as what an error rate counts: characters, unless the class says otherwise."""
        return list(text)

    def normal(self, text: str) -> str:
        """The text as answers are compared: without the white space that the tokenizer folds."""
        return text

    def to_json(self) -> dict[str, Any]:
        """Everything needed to build it again, `kind` included."""
        raise NotImplementedError
