"""Running text: files that are one long text, cut into windows to train on and into pieces to evaluate on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from unspool.data.corpus import Corpus, Example
from unspool.data.files import read_characters
from unspool.data.ragged import EncodedSide, Ragged
from unspool.errors import Mistake
from unspool.fields.padding import Flat
from unspool.fields.registry import Fields

# Characters of a piece, and of the text that is read before it, enough for the state as if all had been read.
PIECE, BEFORE = 2000, 250


def read_text(paths: Sequence[Path], encoding: str | None = None) -> str:
    """The text of the files, one after the other, with unchanged line ends; an empty text is a `Mistake`."""
    text = "".join(read_characters(path, encoding) for path in paths)
    if not text:
        raise Mistake(f"{', '.join(map(str, paths))}: there is no text.", "Give a text file that is not empty.")
    return text


def split_text(text: str, share: float) -> tuple[str, str]:
    """A text without its last part, and that part: this share of the characters, at least one."""
    if len(text) < 2:
        raise Mistake("One character alone cannot be split.", "Give a longer text, or validation text: --valid FILE")
    held_out = min(max(1, round(share * len(text))), len(text) - 1)
    return text[:-held_out], text[-held_out:]


def windows(text: Flat, size: int, fields: Fields) -> Corpus:
    """A text's ids `[n]` as a corpus: each window of `size` ids is a target with an empty source."""
    offsets = np.append(np.arange(0, len(text.values), size), len(text.values))
    nothing = Ragged(text.values[:0], np.zeros_like(offsets))
    return Corpus(EncodedSide(fields.source, (nothing,)), EncodedSide(fields.target, (Ragged(text.values, offsets),)))


def pieces(text: str) -> list[Example]:
    """The whole text in pieces without overlap; the source of a piece is the text before it."""
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Example]:
    line = 1
    for begin in range(0, len(text), PIECE):
        piece = text[begin : begin + PIECE]
        yield Example(text[max(0, begin - BEFORE) : begin], (piece,), line)
        line += piece.count("\n")
