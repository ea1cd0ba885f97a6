"""UTF-8 bytes as symbols: 256 of them can represent every text."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import SPECIALS, UNK

FIRST = len(SPECIALS)
# The bytes of each reserved id: none, but U+FFFD for UNK.
RESERVED = tuple("\N{REPLACEMENT CHARACTER}".encode() if number == UNK else b"" for number in range(FIRST))
BYTES = (*RESERVED, *(bytes([value]) for value in range(256)))


class ByteTokenizer(Tokenizer):
    """Byte b has the id 4 + b. Exact for every text; `encode` never returns UNK."""

    kind = "bytes"
    alphabet = "bytes"

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
        """The text; U+FFFD for bytes that are not UTF-8. Models never learn to generate UNK."""
        return joined(ids, BYTES)

    def written(self) -> Sequence[bytes]:
        """Each byte."""
        return BYTES[FIRST:]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        r"""The character of each ASCII byte; other bytes in the form \xEC."""
        return shown(ids, BYTES)

    def to_json(self) -> dict[str, Any]:
        """`kind`."""
        return {"kind": self.kind}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls()


def joined(ids: Iterable[int], pieces: Sequence[bytes]) -> str:
    """The text of the byte sequences of these ids; U+FFFD for bytes that are not UTF-8.

    An answer may be cut inside a character. The bytes of an incomplete character at its end are left out.
    """
    return getincrementaldecoder("utf-8")("replace").decode(b"".join([pieces[number] for number in ids]))


def shown(ids: Iterable[int], pieces: Sequence[bytes]) -> list[str]:
    r"""Each piece as text if it is valid UTF-8, else its bytes in the form \xEC; reserved ids by name."""
    return [SPECIALS[number] if number < FIRST else _readable(pieces[number]) for number in ids]


def _readable(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return "".join(f"\\x{value:02X}" for value in piece)
