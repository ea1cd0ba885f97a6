"""Access to zstandard: a .zst file as a stream of bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from unspool.data.expansion import PIECE
from unspool.errors import MissingExtra

if TYPE_CHECKING:
    from typing_extensions import Buffer


def open_zstd(file: BinaryIO, path: Path) -> BinaryIO:
    """Decompress all frames of a file; `EOFError` if it is truncated, `OSError` if it is not zstd."""
    try:
        import zstandard
    except ImportError:
        raise MissingExtra(f"Reading {path}", "zstd") from None
    del zstandard
    return cast(BinaryIO, _Stream(_decompressed(file)))


def _decompressed(file: BinaryIO) -> Iterator[bytes]:
    """Decompressed pieces. The library's own reader stops after the first frame and accepts a truncated last one.

    A block of 128 KiB can be four bytes long, so a `PIECE` is at most 32 MiB.
    """
    import zstandard

    frame, rest = zstandard.ZstdDecompressor().decompressobj(), b""
    begun = False
    while chunk := rest or file.read(PIECE):
        try:
            yield frame.decompress(chunk)
        except zstandard.ZstdError as error:
            raise OSError(str(error)) from None
        rest, begun = b"", True
        if frame.eof:
            rest, begun = frame.unused_data, False
            frame = zstandard.ZstdDecompressor().decompressobj()
    if begun:
        raise EOFError("the last frame is cut short")


class _Stream(io.RawIOBase):
    """A readable file over pieces of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        size = min(len(view), len(self._left))
        view[:size], self._left = self._left[:size], self._left[size:]
        return size
