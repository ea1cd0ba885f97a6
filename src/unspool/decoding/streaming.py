"""Answers to one source without an end, which comes in pieces: memory stays that of a piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from unspool.errors import Mistake
from unspool.types import Array, Question, ReadingStepper, Sequences, Stepper


def stream(stepper: Stepper, pieces: Iterable[Sequences[Array]]) -> Iterator[Array]:
    """The best answer to each item of each piece: ids `[S]`, or values `[S, F]`; the same as of one long source.

    pieces: batches of one. A model that must see a whole source first is a `Mistake`.
    """
    if not isinstance(stepper, ReadingStepper) or not stepper.reads_on:
        what = "This model must see a whole source before it can answer, so it cannot read an endless one."
        raise Mistake(what, "Train one with: --model tagger --set model.bidirectional=false")
    distribution, cursor = stepper.distribution, None
    question = Question(top_k=1) if distribution is None else Question(everything=True)
    for piece in pieces:
        answer, cursor = stepper.read_on(piece, cursor, question)
        yield answer.best[0][:, 0] if distribution is None else distribution.mode(answer.whole).astype(np.float32)
