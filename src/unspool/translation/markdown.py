"""Markdown (CommonMark 0.31, with tables and front matter): texts without their marks; code and HTML stay.

Blocks are told apart by the first characters of a line. What stands inside a line, such as links, code and emphasis, is
a matter of placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unspool.translation.segments import Segment, kept, wrapped

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# What may come before the text of a line: quotes, the marks of headings, lists and tasks, and white space.
_MARKS = re.compile(r"(?:\s*(?:>|#{1,6}(?=\s)|[-*+](?=\s)|\d{1,9}[.)](?=\s)|\[[ xX]\](?=\s)))*\s*")
_KEPT = re.compile(
    r"\s*(?:(?:[-*_]\s*){3,}|=+|-+|\[[^\]]+\]:.*|</?[a-zA-Z!][^<>]*>|\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?)\s*"
)
_TABLE = re.compile(r"\s*\|.*\|\s*")
_CODE = re.compile(r"(?: {4}|\t)")
# Begins a text that goes on no earlier line.
_NEW = re.compile(r"\s*(?:>|#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s)")


def split(text: str) -> Iterator[Segment]:
    """The segments of a Markdown text."""
    lines = text.splitlines(keepends=True)
    front = _front_matter(lines)
    yield from map(kept, lines[:front])
    paragraph: list[str] = []
    for line, stays in zip(lines[front:], _stays(lines[front:]), strict=True):
        if stays or _NEW.match(line) or _TABLE.fullmatch(line):
            yield from _text(paragraph)
            paragraph = []
        if stays:
            yield kept(line)
        elif _TABLE.fullmatch(line):
            yield from _cells(line)
        elif line.lstrip().startswith("#"):  # a heading is one line
            yield from _text([line])
        else:
            paragraph.append(line)
    yield from _text(paragraph)


def _stays(lines: Sequence[str]) -> Iterator[bool]:
    """Whether each line stays as it is: blank lines, code between fences or indented, and lines without a text."""
    fence, blank, listed = "", True, False
    for line in lines:
        mark = _FENCE.match(line)
        indented = blank and not listed and _CODE.match(line) is not None
        yield bool(fence or mark or indented or not line.strip() or _KEPT.fullmatch(line))
        if mark and not fence:
            fence = mark[1]
        elif fence and mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        listed = (listed and not (blank and line[:1].strip())) or _is_item(line)
        blank = not line.strip()


def _front_matter(lines: Sequence[str]) -> int:
    """The number of lines of metadata between --- and --- at the beginning."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((place + 1 for place, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)


def _is_item(line: str) -> bool:
    return re.match(r"\s*(?:[-*+]|\d{1,9}[.)])\s", line) is not None


def _text(lines: Sequence[str]) -> Iterator[Segment]:
    """The marks before a text, and the text; a line that ends with two spaces or a backslash is a text of its own."""
    while lines:
        end = next((place + 1 for place, line in enumerate(lines) if _breaks(line)), len(lines))
        first = lines[0]
        marks = _MARKS.match(first)
        assert marks is not None  # it may be empty
        if marks[0]:
            yield kept(marks[0])
        rest = first[marks.end() :]
        if rest.strip():
            following = lines[1:end]
            indent = following[-1][: len(following[-1]) - len(following[-1].lstrip())] if following else ""
            yield wrapped([rest, *following], indent)
        elif rest:
            yield kept(rest)
        lines = lines[end:]


def _breaks(line: str) -> bool:
    return line.rstrip("\r\n").endswith(("  ", "\\"))


def _cells(line: str) -> Iterator[Segment]:
    for cell in re.split(r"((?<!\\)\|)", line):
        bare = cell.strip()
        if not bare or bare == "|":
            yield kept(cell)
            continue
        begin = cell.index(bare)
        yield from (kept(cell[:begin]), Segment(bare, bare), kept(cell[begin + len(bare) :]))
