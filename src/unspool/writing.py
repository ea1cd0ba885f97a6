"""A text written by hand: its lines, in letters that the model knows, as drawings with their windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unspool.answers.answer import Prediction
from unspool.data.files import open_bytes
from unspool.errors import Mistake
from unspool.fields.ink import InkField
from unspool.ink.drawing import Drawing
from unspool.ink.reading import read_drawings
from unspool.ink.sheet import wrapped
from unspool.predictor import Predictor
from unspool.text.spelling import Spelling, spelled
from unspool.types import Array

# Letters that a message names.
NAMED = 20
# How often a line is drawn that ended before its last letter, and the share of the window that a reached letter had.
ATTEMPTS, REACHED = 8, 0.3


class WrittenLine(NamedTuple):
    """What the model looked at while it wrote a line: weights `[T, S]` over the line's letters, at each point."""

    letters: list[str]
    weights: Array
    points: Array

    @property
    def reached(self) -> Array:
        """`[S]` whether each letter ever had its share of the window; the window's own height means nothing."""
        shares = self.weights / np.maximum(self.weights.sum(1, keepdims=True), 1e-9)
        found: Array = shares.max(0, initial=0.0) > REACHED
        return found

    @property
    def reach(self) -> int:
        """How many letters there are up to the last one that the window reached."""
        places = np.flatnonzero(self.reached)
        return int(places[-1]) + 1 if len(places) else 0


class Written(NamedTuple):
    """A text by hand. lines: None for an empty line; messages: what is written otherwise than asked."""

    lines: list[Drawing | None]
    windows: list[WrittenLine]
    messages: list[str]


def write_text(
    predictor: Predictor,
    text: str,
    *,
    characters: int = 40,
    style: Drawing | None = None,
    reader: Predictor | None = None,
    **decoding: Any,
) -> Written:
    """Write a text in lines of at most so many characters.

    style: a drawing with its text, in whose hand the lines are written
    reader: a model from ink to texts: every line is drawn `ATTEMPTS` times, and the ink in which it reads the text best
            stays
    Other keywords are those of `Predictor.predict`, as `bias` and `seed`.
    """
    check_writes(predictor)
    if reader is not None:
        _check_reads(reader)
    spelling = spelled(text, letters_of(predictor))
    lines = wrapped(spelling.text, characters)
    wanted = [line for line in lines if line.strip()]
    if not wanted:
        missing = f": it never saw {named(spelling.missing)}" if spelling.missing else ""
        raise Mistake(f"There is no text that the model can write{missing}.", "Give it letters of its training data.")
    prime = None if style is None else (style.text, style.points)
    found = _drawn(predictor, wanted, reader, {"prime": prime, **decoding})
    rest = iter(found)
    drawn = [Drawing(next(rest).points, line) if line.strip() else None for line in lines]
    broken = [line for line, window in zip(wanted, found, strict=True) if window.reach < len(window.letters)]
    return Written(drawn, found, [*messages_of(spelling), *_broken(broken)])


def _drawn(
    predictor: Predictor, lines: Sequence[str], reader: Predictor | None, options: dict[str, Any]
) -> list[WrittenLine]:
    """The best of several attempts at each line as ink.

    The best reaches most of its letters; with a reader it is, of those, the most legible. Without one, a line that
    reached its last letter is not drawn again.
    """
    best: dict[int, WrittenLine] = {}
    ranks: dict[int, tuple[int, float]] = {}
    for attempt in range(ATTEMPTS):
        open_lines = [n for n in range(len(lines)) if reader or n not in best or best[n].reach < len(best[n].letters)]
        if not open_lines:
            break
        asked = [lines[n] for n in open_lines]
        answers = predictor.predict(asked, sample=True, start=attempt * len(lines), **options)
        windows = [_window(prediction) for prediction in answers]
        legible = [0.0] * len(asked) if reader is None else _legibility(reader, windows, asked)
        for number, window, log_prob in zip(open_lines, windows, legible, strict=True):
            rank = window.reach, log_prob
            if number not in best or rank > ranks[number]:
                best[number], ranks[number] = window, rank
    return [best[number] for number in range(len(lines))]


def _legibility(reader: Predictor, windows: Sequence[WrittenLine], lines: Sequence[str]) -> list[float]:
    """How likely a reader finds each text, given its ink: log-probabilities."""
    inked = [(window.points, line) for window, line in zip(windows, lines, strict=True) if len(window.points)]
    found = iter(reader.score(inked) if inked else [])
    return [next(found).log_prob if len(window.points) else float("-inf") for window in windows]


def _window(prediction: Prediction) -> WrittenLine:
    (answer,) = prediction.hypotheses
    points = np.zeros((0, 3)) if answer.values is None else answer.values
    letters = prediction.source_tokens
    known = isinstance(answer.attention, np.ndarray) and len(answer.attention)
    weights = answer.attention if known else np.zeros((len(points), len(letters)))
    return WrittenLine(letters, weights, points)


def check_writes(predictor: Predictor) -> None:
    """Refuse a model that does not write texts by hand."""
    if predictor.fields.task != ("text", InkField.kind):
        name = predictor.config.model.name
        raise Mistake(f"This {name} does not write texts by hand.", "Train one: unspool run handwriting")


def _check_reads(reader: Predictor) -> None:
    if reader.fields.task != (InkField.kind, "text"):
        name = reader.config.model.name
        what = f"This {name} does not read ink as text, so that it cannot judge what is written."
        raise Mistake(what, "The reader of 'unspool run handwriting' does: --rerank runs/handwriting/reader")


def letters_of(predictor: Predictor) -> Callable[[str], bool]:
    """A function that tells whether the model saw all letters of a text."""
    field = predictor.fields.source
    return lambda text: not field.unknown(field.encode(text))


def read_style(path: Path, known: Callable[[str], bool]) -> Drawing:
    """The first drawing of a file that has a text in letters that the model knows."""
    for drawing in read_drawings(path, open_bytes):
        if len(drawing.points) and drawing.text and known(drawing.text):
            return drawing
    what = f"{path} has no ink with its text in letters that the model knows."
    raise Mistake(what, "Give a file such as the page of 'unspool hand' saves.")


def messages_of(spelling: Spelling) -> list[str]:
    """A line that names the letters that the model never saw, and what became of them."""
    if not spelling.replaced and not spelling.missing:
        return []
    unseen = named([*spelling.replaced, *spelling.missing])
    replaced = [f"{letter} is written as {other}" for letter, other in spelling.replaced.items()][:NAMED]
    missing = [f"{named(spelling.missing)} {'is' if len(spelling.missing) == 1 else 'are'} left out"]
    return [f"The model never saw {unseen}: {'; '.join(replaced + (missing if spelling.missing else []))}."]


def named(letters: list[str]) -> str:
    """Letters as a message names them."""
    return " ".join(letters[:NAMED]) + (" …" if len(letters) > NAMED else "")


def _broken(lines: Sequence[str]) -> list[str]:
    return [f"The ink of '{line}' ends before its text, in {ATTEMPTS} attempts: try another --seed." for line in lines]
