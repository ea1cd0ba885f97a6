"""Encodings other than UTF-8: which one a file is in, as far as its bytes tell."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from unspool.errors import Mistake

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark is its beginning
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
MARK_LENGTH = 4


def by_mark(beginning: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning of a file declares."""
    return next((encoding for mark, encoding in MARKS.items() if beginning.startswith(mark)), None)


def codec(name: str) -> str:
    """Python's name of an encoding of texts; an unknown one is a `Mistake`."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        found = None
    if found is None or not found._is_text_encoding:
        what = f"There is no encoding '{name[:40]}'."
        raise Mistake(
            what, "Usual ones: utf-8, utf-16, cp949 (Korean), shift_jis (Japanese), gb18030 (Chinese), cp1252."
        )
    return found.name


def ends_lines_plainly(encoding: str) -> bool:
    """Whether the byte of a line feed is a line feed and nothing else, so that lines can be split before decoding."""
    plain = "\n".encode(encoding) == b"\n" == "\r\n".encode(encoding)[1:]
    return plain and not encoding.startswith(("iso2022", "utf_7", "hz"))


def guess(line: bytes) -> str | None:
    """The encoding of a line that is not UTF-8: one in which its letters are those of one language; None if unclear."""
    for encoding, fits in GUESSES.items():
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        letters = [letter for letter in text if not letter.isascii() and letter.isalpha()]
        if letters and sum(map(fits, letters)) >= 0.8 * len(letters):
            return encoding
    return None


def without_mark(line: bytes) -> str | None:
    """The form of UTF-16 of a first line, if every other byte is zero as in texts of Latin letters."""
    if len(line) >= 4 and 2 * line[1::2].count(0) > len(line[1::2]):
        return "utf-16-le"
    return "utf-16-be" if len(line) >= 4 and 2 * line[::2].count(0) > len(line[::2]) else None


def _usual_hangul(letter: str) -> bool:
    """A syllable of KS X 1001; the others of cp949 are rare, and other languages' bytes look like them."""
    return "\uac00" <= letter <= "\ud7a3" and len(letter.encode("euc_kr")) == 2  # it spells the others in eight bytes


def _kana_or_kanji(letter: str) -> bool:
    return "\u3040" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff"


def _hanzi(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def _latin(letter: str) -> bool:
    return "\u00c0" <= letter <= "\u017f"


GUESSES: dict[str, Callable[[str], bool]] = {
    "cp949": _usual_hangul,
    "shift_jis": _kana_or_kanji,
    "gb18030": _hanzi,
    "cp1252": _latin,
}
LANGUAGES = {"cp949": "Korean", "shift_jis": "Japanese", "gb18030": "Chinese", "cp1252": "Western European"}
