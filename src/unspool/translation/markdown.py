"""Markdown (CommonMark 0.31, with tables and front matter): texts without their marks; code and HTML stay.

Blocks are told apart by the first characters of a line. What stands inside a line, such as links, code and emphasis, is
a matter of placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unspool.translation.segments import Segment, kept, wrapped

_FENCE = re.compile(r"(\s{0,3}(?:>\s{0,3})*)(`{3,}|~{3,})")
# HTML that goes on over blank lines (section 4.6): how it begins, and what ends it.
_HTML = [
    (re.compile(rf" {{0,3}}{begin}", re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (
        (r"<(?:script|pre|style|textarea)(?=[\s>]|$)", r"</(?:script|pre|style|textarea)>"),
        ("<!--", "-->"), (r"<\?", r"\?>"), (r"<!\[CDATA\[", r"\]\]>"), ("<![A-Z]", ">"),
    )
]  # fmt: skip
# What may come before the text of a line: quotes, the marks of headings, lists and tasks, and white space.
_MARKS = re.compile(r"(?:\s*(?:>|#{1,6}(?=\s)|[-*+](?=\s)|\d{1,9}[.)](?=\s)|\[[ xX]\](?=\s)))*\s*")
_KEPT = re.compile(
    r"\s*(?:(?:[-*_]\s*){3,}|=+|-+|\[[^\]]+\]:.*|</?[a-zA-Z!][^<>]*>|\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?)\s*"
)
_TABLE = re.compile(r"\s*\|.*\|\s*")
_DELIMITERS = re.compile(r"\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+")
_CODE = re.compile(r"(?: {4}|\t)")
# Begins a text that goes on no earlier line.
_NEW = re.compile(r"\s*(?:>|#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s)")


def split(text: str) -> Iterator[Segment]:
    """The segments of a Markdown text."""
    lines = text.splitlines(keepends=True)
    front = _front_matter(lines)
    yield from map(kept, lines[:front])
    lines = lines[front:]
    paragraph: list[str] = []
    rows = _open_rows(lines)
    for place, (line, stays) in enumerate(zip(lines, _stays(lines), strict=True)):
        is_row = place in rows or _TABLE.fullmatch(line) is not None
        if stays or _NEW.match(line) or is_row:
            yield from _text(paragraph)
            paragraph = []
        if stays:
            yield kept(line)
        elif is_row:
            yield from _cells(line)
        elif line.lstrip().startswith("#"):  # a heading is one line
            yield from _text([line])
        else:
            paragraph.append(line)
    yield from _text(paragraph)


def _stays(lines: Sequence[str]) -> Iterator[bool]:
    """Whether each line stays as it is: blank lines, HTML, code between fences or indented, others without a text."""
    fence, quoted, blank, listed = "", False, True, False
    html: re.Pattern[str] | None = None
    for line in lines:
        if fence and quoted and not line.lstrip().startswith(">"):
            fence = ""  # it ends with its quote
        mark = _FENCE.match(line)
        indented = blank and not listed and _CODE.match(line) is not None
        if not fence and html is None:
            html = next((end for begin, end in _HTML if begin.match(line)), None)
        yield bool(fence or html or mark or indented or not line.strip() or _KEPT.fullmatch(line))
        if html is not None:
            html = None if html.search(line) else html
        elif mark and not fence:
            quoted, fence = ">" in mark[1], mark[2]
        elif fence and mark and mark[2].startswith(fence) and not line[mark.end() :].strip():
            fence = ""
        listed = (listed and not (blank and line[:1].strip())) or _is_item(line)
        blank = not line.strip()


def _open_rows(lines: Sequence[str]) -> set[int]:
    """The lines of tables without outer bars, by number: above the line of dashes, and below it as far as bars are."""
    rows = set[int]()
    for place, line in enumerate(lines):
        if "|" in line and (place - 1 in rows or (place + 1 < len(lines) and _DELIMITERS.fullmatch(lines[place + 1]))):
            rows.add(place)
    return rows


def _front_matter(lines: Sequence[str]) -> int:
    """The number of lines of metadata between --- and --- (YAML), or +++ and +++ (TOML), at the beginning."""
    ends = {"---": ("---", "..."), "+++": ("+++",)}.get(lines[0].rstrip() if lines else "", ())
    return next((place + 1 for place, line in enumerate(lines[1:], 1) if line.rstrip() in ends), 0)


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
