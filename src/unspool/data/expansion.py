"""A limit for files that expand: a small file must not fill memory or take hours.

Text rarely shrinks to a twentieth, so a file that grows 200-fold is damaged, or made to do harm.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from unspool.errors import Mistake

if TYPE_CHECKING:
    from typing_extensions import Buffer

# A file may expand this many times; the first FREELY bytes count for nothing.
TIMES, FREELY = 200, 1 << 23


def check_expansion(path: Path, expanded: int, compressed: int) -> None:
    """Raise a `Mistake` if these numbers of bytes are out of proportion."""
    if expanded > FREELY and expanded > TIMES * compressed:
        what = f"{path} expands to more than {TIMES} times its size, as damaged files do."
        raise Mistake(what, "If it is right, unpack it first, and give the unpacked file.")


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
        check_expansion(self._path, self._total, self._compressed.tell())
        return size

    def close(self) -> None:
        """Close the file, too."""
        self._compressed.close()
        super().close()
