from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from unspool.fields.registry import Fields
from unspool.fields.text import TextField
from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import EOS, UNK


class Letters(Tokenizer):
    """A tiny tokenizer: a to z are 4 to 29, spaces vanish, everything else is unknown."""

    kind = "letters"

    def __len__(self) -> int:
        return EOS + 1 + 26

    def encode(self, text: str) -> list[int]:
        return [
            ord(character) - ord("a") + EOS + 1 if "a" <= character <= "z" else UNK
            for character in text
            if character != " "
        ]

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        return "".join(self.tokens(ids))

    def tokens(self, ids: Sequence[int]) -> list[str]:
        return [chr(symbol - EOS - 1 + ord("a")) for symbol in ids if symbol > EOS]

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


@pytest.fixture
def letters() -> Fields:
    """Texts of letters on both sides; answers end."""
    return Fields(TextField(Letters()), TextField(Letters(), ends=True))
