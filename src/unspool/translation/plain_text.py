"""A plain text: paragraphs between blank lines, each one text if its lines were broken at a width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unspool.translation.segments import Segment, kept, wrapped

# A line that is at least this long, and ends without the mark of a sentence, goes on in the next line.
BROKEN_AT = 50


def split(text: str) -> Iterator[Segment]:
    """The segments of a text."""
    paragraph: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.strip():
            paragraph.append(line)
            continue
        yield from texts(paragraph)
        yield kept(line)
        paragraph = []
    yield from texts(paragraph)


def texts(lines: Sequence[str]) -> Iterator[Segment]:
    """A paragraph as one text if it was broken at a width, otherwise each line as a text of its own."""
    if lines and all(len(line.strip()) >= BROKEN_AT for line in lines[:-1]):
        yield from _indented(lines)
    else:
        for line in lines:
            yield from _indented([line])


def _indented(lines: Sequence[str]) -> Iterator[Segment]:
    indents = [line[: len(line) - len(line.lstrip())] for line in lines]
    if indents[0]:
        yield kept(indents[0])
    yield wrapped([lines[0][len(indents[0]) :], *lines[1:]], indents[-1])
