"""A limit for files that expand: a small file must not fill memory or take hours.

Text rarely shrinks to a twentieth, so a file that grows 100-fold is damaged, or made to do harm.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from unspool.errors import Mistake

if TYPE_CHECKING:
    from typing_extensions import Buffer

# A file may expand this many times. The first bytes count for nothing: a few of arrays, which may be silence, and fewer
# of lines, since each takes its time.
TIMES, FREELY, FREELY_IN_LINES = 100, 1 << 23, 1 << 18


def check_expansion(path: Path, expanded: int, compressed: int, freely: int = FREELY) -> None:
    """Raise a `Mistake` if these numbers of bytes are out of proportion."""
    if expanded > freely and expanded > TIMES * compressed:
        what = f"{path} expands to more than {TIMES} times its size, as damaged files do."
        raise Mistake(what, "If it is right, unpack it first, and give the unpacked file.")


# Compressed bytes that are decompressed at once: the proportion is known as exactly as this.
PIECE = 1 << 10


class Pieces(io.RawIOBase):
    """A file that gives at most `PIECE` bytes at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Up to `PIECE` bytes."""
        return self._file.read(PIECE if size < 0 else min(size, PIECE))


class Expanding(io.RawIOBase):
    """The decompressed bytes of a stream; `compressed` is the file below it."""

    def __init__(self, stream: BinaryIO, compressed: BinaryIO, path: Path) -> None:
        self._stream, self._compressed, self._path, self._total = stream, compressed, path, 0

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read into a buffer, and check the proportion."""
        size: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        self._total += size
        check_expansion(self._path, self._total, self._compressed.tell(), FREELY_IN_LINES)
        return size

    def close(self) -> None:
        """Close the file, too."""
        self._compressed.close()
        super().close()
