"""Subtitles in SubRip's format (.srt): a number, a line of timings, and the lines of the text, which are one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unspool.translation.segments import Segment, broken, kept

_TIMES = re.compile(r"\s*\d+:\d\d:\d\d[,.]\d+\s*-->\s*\d+:\d\d:\d\d[,.]\d+.*\s*")
# A line of dialogue is a text of its own.
_SPEAKER = re.compile(r"\s*(?:<[^>]*>)?\s*[-–—]\s*")


def split(text: str) -> Iterator[Segment]:
    """The segments of a file of subtitles."""
    shown: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        begins = _TIMES.fullmatch(line) is not None
        if inside and line.strip() and not begins:
            shown.append(line)
            continue
        # Some programs write no blank line before the next number.
        number = [shown.pop()] if begins and shown and shown[-1].strip().isdecimal() else []
        yield from _texts(shown)
        yield from map(kept, [*number, line])
        shown, inside = [], begins
    yield from _texts(shown)


def _texts(lines: Sequence[str]) -> Iterator[Segment]:
    if len(lines) > 1 and all(_SPEAKER.match(line) for line in lines):
        for line in lines:
            dash = _SPEAKER.match(line)
            assert dash is not None  # all lines have one
            yield kept(dash[0])
            yield from _text([line[dash.end() :]])
    elif lines:
        yield from _text(lines)


def _text(lines: Sequence[str]) -> Iterator[Segment]:
    """One text; its translation has as many lines, of about the same length."""
    first = lines[0].rstrip("\r\n")
    between, ending = lines[0][len(first) :], lines[-1][len(lines[-1].rstrip()) :]

    def laid(answer: str) -> str:
        return between.join(balanced(answer, len(lines))) + ending

    whole = "".join(lines)
    if whole.strip():
        yield Segment(whole, " ".join(line.strip() for line in lines), laid)
    else:
        yield kept(whole)


def balanced(text: str, count: int) -> list[str]:
    """A text in at most `count` lines, the longest of them as short as can be.

    >>> balanced("one two three four", 2)
    ['one two', 'three four']
    """
    if count == 1:
        return [text]
    for width in range(max(1, len(text) // count), len(text) + 1):
        lines = broken(text, width)
        if len(lines) <= count:
            return lines
    return [text]
