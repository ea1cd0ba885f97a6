"""UTF-8 bytes as symbols: any text at all with 256 of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import SPECIALS, UNK

FIRST = len(SPECIALS)
# What stands for each reserved id when ids become bytes: nothing, and U+FFFD for UNK.
RESERVED = tuple("\N{REPLACEMENT CHARACTER}".encode() if number == UNK else b"" for number in range(FIRST))
BYTES = (*RESERVED, *(bytes([value]) for value in range(256)))


class ByteTokenizer(Tokenizer):
    """Byte b has the id 4 + b. Exact for every text; UNK never comes out of `encode`."""

    kind = "bytes"

    @classmethod
    def fit(cls, lines: Iterable[str], *, min_count: int = 1, size: int = 0) -> Self:
        """There is nothing to learn."""
        return cls()

    def __len__(self) -> int:
        return len(BYTES)

    def encode(self, text: str) -> list[int]:
        """One id for each byte of the text in UTF-8."""
        return [value + FIRST for value in text.encode()]

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """The text; U+FFFD where the bytes are not UTF-8. No model learns to write UNK."""
        return joined(ids, BYTES)

    def tokens(self, ids: Sequence[int]) -> list[str]:
        r"""The character of each ASCII byte; others like \xEC."""
        return shown(ids, BYTES)

    def to_json(self) -> dict[str, Any]:
        """`kind`."""
        return {"kind": self.kind}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls()


def joined(ids: Iterable[int], pieces: Sequence[bytes]) -> str:
    """The text that the pieces of bytes behind these ids make; U+FFFD where they are not UTF-8."""
    return b"".join([pieces[number] for number in ids]).decode(errors="replace")


def shown(ids: Iterable[int], pieces: Sequence[bytes]) -> list[str]:
    r"""Each piece as text where it is UTF-8 by itself, else its bytes like \xEC; the names of reserved ids."""
    return [SPECIALS[number] if number < FIRST else _readable(pieces[number]) for number in ids]


def _readable(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return "".join(f"\\x{value:02X}" for value in piece)
