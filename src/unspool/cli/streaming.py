"""`unspool predict --stream`: one endless source, a step on each line, and a line for each answer."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.errors import Mistake
from unspool.screens.console import write

if TYPE_CHECKING:
    from unspool.model import Model
    from unspool.types import Array

# Steps that are in memory at a time.
PIECE = 4096


def stream_answers(trained: Model, files: list[Path], beside: list[str]) -> None:
    """Print the answer to each line: numbers with commas between them, or a label. beside: other flags, all refused."""
    if beside:
        raise Mistake(f"--stream cannot be combined with {beside[0]}.", "It prints a line for each line that it reads.")
    if trained.fields.source.container != "arrays":
        what = f"--stream is for steps of real values, and this {trained.config.model.name} reads text."
        raise Mistake(what, "Leave it out.")
    for answer in trained.stream(_steps(_pieces(files))):
        lines = [token.replace(" ", ",") for token in answer.tokens]
        write("\n".join(lines))
        sys.stdout.flush()


def _pieces(files: list[Path]) -> Iterator[list[str]]:
    """Lines in pieces; from standard input as they arrive."""
    from unspool.cli.lines import chunks
    from unspool.data.files import read_lines
    from unspool.data.reading import Reading

    whole = Reading(whole_lines=True)
    for path in files or [Path("-")]:
        pieces = chunks([], whole, whole) if path == Path("-") else _in_pieces(read_lines(path))
        yield from (list(map(str, lines)) for lines in pieces)


def _in_pieces(lines: Iterator[str]) -> Iterator[list[str]]:
    while piece := list(islice(lines, PIECE)):
        yield piece


def _steps(pieces: Iterable[list[str]]) -> Iterator[Array]:
    """Lines of numbers as arrays `[S, F]`; the first line may be names."""
    from unspool.data.sequence_files import numbers_of

    number, width = 1, 0
    for lines in pieces:
        steps = numbers_of(lines, number, "the stream", width)
        number += len(lines)
        if len(steps):
            width = steps.shape[1]
            yield steps
