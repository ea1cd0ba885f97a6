"""Bytes and lines of files, plain or compressed (.gz, .zst), with errors that name file and line.

Only a line feed ends a line. A form feed, U+0085 or U+2028 belongs to the text, so a file has the same number of lines
here as for `wc -l`.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from unspool.data.zstd import open_zstd
from unspool.errors import Mistake, nearest

COMPRESSED = (".gz", ".zst")


def format_of(path: Path) -> str:
    """The file ending that names the format, without that of the compression: `.tsv` of `pairs.tsv.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, decompressed; a missing or unreadable file, or a folder, is a `Mistake`."""
    if path.is_dir():
        raise Mistake(f"{path} is a folder, not a file.", "Name a file in it.")
    try:
        if path.suffix.lower() == ".zst":
            return open_zstd(path)
        return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")
    except FileNotFoundError:
        raise Mistake(f"There is no file {path}.", _what_else(path)) from None
    except PermissionError:
        raise Mistake(
            f"{path} cannot be read: permission denied.", f"Change its permissions: chmod u+r {path}"
        ) from None


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a text file with their line feeds; a byte order mark at the start is dropped."""
    with open_bytes(path) as file, damage_said(path):
        yield from decoded(file, path)


@contextmanager
def damage_said(path: Path) -> Iterator[None]:
    """Turn the errors of a damaged or wrongly named file into a `Mistake`."""
    try:
        yield
    except (EOFError, zlib.error):
        raise Mistake(f"{path} is truncated or damaged.", "Copy or download it again.") from None
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error}.", "Is its ending right, and is it complete?") from None


def decoded(stream: Iterable[bytes], name: object) -> Iterator[str]:
    """Lines of bytes as text, with their line feeds; `name` is the name of the stream in errors."""
    for number, raw in enumerate(stream, 1):
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            place = f"{name}, line {number}, byte {error.start + 1}"
            raise Mistake(f"{place}: 0x{raw[error.start]:02X} is not UTF-8.", _recode(raw, number, name)) from None


def without_ending(line: str) -> str:
    r"""A line without its `\n` or `\r\n`."""
    return line.removesuffix("\n").removesuffix("\r")


def _recode(raw: bytes, number: int, name: object) -> str:
    utf16 = number == 1 and raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    file = f" {name} > recoded" if isinstance(name, Path) else ""
    return f"Save it as UTF-8: iconv -f {'UTF-16' if utf16 else 'LATIN1'} -t UTF-8{file}"


def _what_else(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    files = [other.name for other in path.parent.iterdir() if other.is_file()]
    if not files:
        return f"The folder {path.parent} has no files."
    remedy = nearest(path.name, files)
    return remedy if len(files) <= 20 else remedy.partition("Known:")[0].strip() or "Check the path."
