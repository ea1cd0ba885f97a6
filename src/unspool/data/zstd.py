"""Access to zstandard: a .zst file as a stream of bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from unspool.errors import MissingExtra

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK = 1 << 18


def open_zstd(path: Path) -> BinaryIO:
    """Open a .zst file and decompress all its frames; `EOFError` if it is truncated, `OSError` if it is not zstd."""
    try:
        import zstandard
    except ImportError:
        raise MissingExtra(f"Reading {path}", "zstd") from None
    del zstandard
    return cast(BinaryIO, io.BufferedReader(_Stream(_decompressed(path)), CHUNK))


def _decompressed(path: Path) -> Iterator[bytes]:
    """Decompressed pieces. The library's own reader stops after the first frame and accepts a truncated last one."""
    import zstandard

    with path.open("rb") as file:
        frame, rest = zstandard.ZstdDecompressor().decompressobj(), b""
        begun = False
        while chunk := rest or file.read(CHUNK):
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
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        size = min(len(view), len(self._left))
        view[:size], self._left = self._left[:size], self._left[size:]
        return size
