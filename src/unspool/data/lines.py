"""Lines of text from bytes, with errors that name the line.

Only a line feed ends a line. A form feed, U+0085 or U+2028 belongs to the text, so a file has the same number of lines
here as for `wc -l`. A file without any line feed has lines that end in carriage returns, if it has those.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from unspool.data.encodings import LANGUAGES, MARK_LENGTH, by_mark, codec, ends_lines_plainly, guess, without_mark
from unspool.errors import Mistake

# The most bytes of a line. A longer one is no line of a table, and is refused before it fills memory.
LONGEST = 1 << 24


def decoded(stream: BinaryIO, name: object, encoding: str | None = None) -> Iterator[str]:
    """The lines of a stream as text, with their line feeds; a byte order mark at the start is dropped.

    name:     the stream's name in errors
    encoding: default: what a byte order mark declares, else UTF-8
    """
    file = buffered(stream)
    encoding = codec(encoding or by_mark(file.peek(MARK_LENGTH)) or "utf-8")
    if not ends_lines_plainly(encoding):
        yield from _lines_of_text(io.TextIOWrapper(file, encoding=encoding, newline="\n"), name, encoding)
        return
    for number, raw in enumerate(_lines(file), 1):
        if len(raw) > LONGEST:
            raise _too_long(name, number)
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
            if wide := encoding == "utf-8" and without_mark(raw):
                raise Mistake(f"{name} looks like {wide.upper()}.", recode(wide, name))
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as error:
            place = f"{name}, line {number}, byte {error.start + 1}"
            raise _wrong_byte(raw, error.start, place, encoding, name) from None


def characters(stream: BinaryIO, name: object, encoding: str | None = None) -> Iterator[str]:
    """The text of a stream in pieces, with unchanged line ends. Lines may be of any length."""
    file = buffered(stream)
    encoding = codec(encoding or by_mark(file.peek(MARK_LENGTH)) or "utf-8")
    decoder: Any = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    read = 0
    while True:
        piece = file.read(LONGEST)
        try:
            yield decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            place = f"{name}, near byte {read + 1:,}"
            raise _wrong_byte(error.object, error.start, place, encoding, name) from None
        read += len(piece)
        if not piece:
            return


def without_ending(line: str) -> str:
    r"""A line without its `\n`, `\r\n` or `\r\r\n`."""
    return line.removesuffix("\n").rstrip("\r")


def buffered(stream: BinaryIO) -> io.BufferedReader:
    """The stream itself, or a buffer over it."""
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))


def recode(encoding: str, name: object) -> str:
    """What to do about a file in another encoding."""
    file = f" {name} > recoded" if isinstance(name, Path) else ""
    save = f"iconv -f {encoding.upper()} -t UTF-8{file}"
    return f"Read data with --encoding {encoding}, or save it as UTF-8: {save}"


def _lines(file: io.BufferedReader) -> Iterator[bytes]:
    """Lines, of which one that is too long is not read to its end."""
    first = file.readline(LONGEST + 1)
    beginning = [first] if first else []
    if b"\r" in first and not first.endswith(b"\n"):  # the whole file, or a line that is too long
        beginning = [line + b"\n" for line in first.removesuffix(b"\r").split(b"\r")]
    return chain(beginning, iter(partial(file.readline, LONGEST + 1), b""))


def _lines_of_text(file: io.TextIOWrapper, name: object, encoding: str) -> Iterator[str]:
    number = 1
    try:
        while line := file.readline(LONGEST + 1):
            if len(line) > LONGEST:
                raise _too_long(name, number)
            yield line.removeprefix("\ufeff") if number == 1 else line
            number += 1
    except UnicodeError:
        raise Mistake(f"{name}, line {number} or later: not valid {encoding}.", "Is that its encoding?") from None
    finally:
        file.detach()


def _too_long(name: object, number: int) -> Mistake:
    what = f"{name}, line {number}: the line is longer than {LONGEST:,} bytes."
    return Mistake(what, "Is it a text file with one row on each line?")


def _wrong_byte(raw: bytes, place: int, where: str, encoding: str, name: object) -> Mistake:
    what = f"{where}: 0x{raw[place]:02X} is not {encoding.upper()}."
    if encoding != "utf-8":
        return Mistake(what, "Give the right --encoding, or save the file as UTF-8.")
    if likely := guess(raw):
        return Mistake(f"{what} It looks like {LANGUAGES[likely]} text in {likely}.", recode(likely, name))
    return Mistake(what, "Save the file as UTF-8, or name its encoding: --encoding cp949 (Korean), cp1252 or another.")
