"""A document as segments: what is translated, and everything between, which stays as it is.

The raw texts of all segments, one after the other, are the document.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

_TAG = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_BLANK = "\ue000"  # of private use, for a blank at which no line ends
# A text and its translation, in the order in which both are given.
Translate = Callable[[Sequence[str]], list[str]]
Laid = Callable[[str], str]


class Segment(NamedTuple):
    """A piece of a document.

    raw:  as it stands there
    text: what is to be translated; None: nothing
    laid: puts a translation in the form of `raw`: its line breaks, quotes, escapes
    """

    raw: str
    text: str | None = None
    laid: Laid = str


Split = Callable[[str], Iterator[Segment]]


def kept(raw: str) -> Segment:
    """A segment that stays as it is."""
    return Segment(raw)


def written(segments: Iterable[Segment], translate: Translate) -> str:
    """The document with all its texts translated; a text that its translation equals stays exactly as it was."""
    segments = list(segments)
    answers = iter(translate([segment.text for segment in segments if segment.text is not None]))
    return "".join(segment.raw if segment.text is None else _written(segment, next(answers)) for segment in segments)


def _written(segment: Segment, answer: str) -> str:
    return segment.raw if answer == segment.text else segment.laid(answer)


def broken(text: str, width: int, indent: str = "") -> list[str]:
    """A text in lines of at most this width, if its words allow; no tag is broken. indent: before all but the first

    >>> broken('a <b class="c">d', 3)
    ['a', '<b class="c">d']
    """
    whole = _TAG.sub(lambda found: found[0].replace(" ", _BLANK), text)
    lines = textwrap.wrap(whole, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_BLANK, " ") for line in lines]


def wrapped(lines: Sequence[str], indent: str = "") -> Segment:
    """Lines that are one text, such as a paragraph of a fixed width. indent: before all lines but the first.

    A translation is broken at the same width if the text was; the line breaks of `lines` belong to it.
    """
    bare = [line.strip() for line in lines]
    width = max(len(line.rstrip("\r\n")) for line in lines)
    ending = lines[-1][len(lines[-1].rstrip()) :]
    between = lines[0][len(lines[0].rstrip("\r\n")) :] if len(lines) > 1 else ""

    def laid(answer: str) -> str:
        if not between:
            return answer + ending
        return between.join(broken(answer, width, indent)) + ending

    return Segment("".join(lines), " ".join(bare), laid)
