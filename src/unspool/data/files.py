"""Bytes and lines of files, plain or compressed (.gz, .zst), with errors that name file and line."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from unspool.data.expansion import Expanding, Pieces
from unspool.data.lines import characters, decoded
from unspool.data.read_once import open_anything
from unspool.data.zstd import open_zstd
from unspool.errors import Mistake, nearest

COMPRESSED = (".gz", ".zst")
BUFFER = 1 << 18


def format_of(path: Path) -> str:
    """The file ending that names the format, without that of the compression: `.tsv` of `pairs.tsv.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def open_bytes(path: Path, *, last: bool = False) -> io.BufferedReader:
    """Open a file for reading, decompressed; a missing or unreadable file, or a folder, is a `Mistake`.

    `-` is standard input. See `read_once` for what can be read only once, and for `last`.
    """
    try:
        if path.is_dir():
            raise Mistake(f"{path} is a folder, not a file.", "Name a file in it.")
        file = open_anything(path, last=last)
    except FileNotFoundError:
        raise Mistake(f"There is no file {path}.", _what_else(path)) from None
    except PermissionError:
        raise Mistake(
            f"{path} cannot be read: permission denied.", f"Change its permissions: chmod u+r {path}"
        ) from None
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
    ending = path.suffix.lower()
    if ending not in COMPRESSED:
        return cast(io.BufferedReader, file)
    stream = (
        open_zstd(file, path) if ending == ".zst" else cast(BinaryIO, gzip.GzipFile(fileobj=Pieces(file), mode="rb"))
    )
    return io.BufferedReader(Expanding(stream, file, path), BUFFER)


def read_lines(path: Path, encoding: str | None = None, *, last: bool = False) -> Iterator[str]:
    """The lines of a text file with their line feeds; see `lines.decoded`, and `open_anything` for `last`."""
    with open_bytes(path, last=last) as file, damage_said(path):
        yield from decoded(file, path, encoding)


def read_characters(path: Path, encoding: str | None = None) -> str:
    """The whole text of a file, with unchanged line ends."""
    with open_bytes(path) as file, damage_said(path):
        return "".join(characters(file, path, encoding))


@contextmanager
def damage_said(path: Path) -> Iterator[None]:
    """Turn the errors of a damaged or wrongly named file into a `Mistake`."""
    try:
        yield
    except (EOFError, zlib.error):
        raise Mistake(f"{path} is truncated or damaged.", "Copy or download it again.") from None
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error}.", "Is its ending right, and is it complete?") from None


def _what_else(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    files = [other.name for other in path.parent.iterdir() if other.is_file()]
    if not files:
        return f"The folder {path.parent} has no files."
    remedy = nearest(path.name, files)
    return remedy if len(files) <= 20 else remedy.partition("Known:")[0].strip() or "Check the path."
