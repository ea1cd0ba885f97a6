"""What if attention were elsewhere: a stepper around a stepper, in which a person sets weights for single steps.

A context is the weighted mean of values, the encoder's states, and a decoder sees nothing else of its attention. So no
graph has to take weights: a step is computed once as it is, for its weights a, which are changed to a'. Then it is
computed again over values that all are the new context, `Σ_s a'_s v_s`: whatever the weights over them, their mean is
that context. Each row has values of its own in this step, so for it the memory is repeated for each row. Every export
has the values among the leaves of its memory, also one that an older release made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from unspool.errors import Mistake
from unspool.types import Array, AttendingStepper, Cursor, Question, Sequences, StepAnswer, Stepper

# How far a weight may be from itself, after values were replaced on which it does not depend.
ROUNDING = 1e-4


class AttentionEdit(NamedTuple):
    """From 0: in this step, this position of the source gets this weight, 0 to 1; the others share the rest."""

    step: int
    position: int
    weight: float


class EditedCursor(NamedTuple):
    """The state of a search of one source: the next step, and what its rows are fed; None before the first step."""

    cursor: Cursor
    step: int = 0
    fed: Array | None = None


class EditedAttention:
    """A stepper for the search of one source. A model that cannot be asked so is a `Mistake`, when a step is edited."""

    distribution = None

    def __init__(self, stepper: Stepper, edits: Sequence[AttentionEdit]) -> None:
        self.stepper, self.edits = stepper, weights_by_step(edits)

    def open(self, source: Sequences[Array]) -> EditedCursor:
        """Encode a source and start decoding."""
        return EditedCursor(self.stepper.open(source))

    def step(self, cursor: EditedCursor, question: Question) -> tuple[StepAnswer, EditedCursor]:
        """Feed each row's last item."""
        if (weights := self.edits.get(cursor.step)) is None:
            answer, inner = self.stepper.step(cursor.cursor, question)
        else:
            answer, inner = self._edited(cursor, question, weights)
        return answer, cursor._replace(cursor=inner, step=cursor.step + 1)

    def select(self, cursor: EditedCursor, memories: Array, rows: Array, items: Array) -> EditedCursor:
        """Keep these rows; after an edited step all memories are equal, so the first one serves for all."""
        return EditedCursor(self.stepper.select(cursor.cursor, memories, rows, items), cursor.step, items)

    def shared(self) -> tuple[EditedAttention, int]:
        """Itself and 1, because it belongs to one search."""
        return self, 1

    def _edited(
        self, cursor: EditedCursor, question: Question, weights: Mapping[int, float]
    ) -> tuple[StepAnswer, Cursor]:
        stepper, inner = self.stepper, cursor.cursor
        values = stepper.values(inner) if isinstance(stepper, AttendingStepper) else None
        if values is None or not isinstance(stepper, AttendingStepper):
            raise _impossible()
        attention = stepper.step(inner, Question(top_k=1))[0].attention
        edited = edit_weights(attention, weights)
        rows = np.arange(len(attention))
        if cursor.fed is not None:
            inner = stepper.select(inner, np.zeros_like(rows), rows, cursor.fed)
        total = attention.sum(-1, keepdims=True)  # below 1 where a window scales the weights
        contexts = (edited @ values[0] / np.where(total > 0, total, 1)).astype(values.dtype)
        everywhere = np.repeat(contexts[:, None], values.shape[1], axis=1)
        answer, inner = stepper.step(stepper.with_values(inner, everywhere), question)
        if not np.allclose(answer.attention, attention, atol=ROUNDING):
            raise _impossible()  # the values are read for something else, too
        inner = stepper.with_values(inner, np.repeat(values[:1], len(rows), axis=0))
        return answer._replace(attention=edited.astype(attention.dtype)), inner


def weights_by_step(edits: Sequence[AttentionEdit]) -> dict[int, dict[int, float]]:
    """The weights of each edited step by their positions; of two for the same position the later one counts.

    Numbers that are no weights, and weights of a step that together exceed 1, are a `Mistake`.
    """
    found: dict[int, dict[int, float]] = {}
    for step, position, weight in edits:
        if step < 0 or position < 0 or not 0 <= weight <= 1:
            what = f"A weight of {weight:g} at step {step} and position {position} is none."
            raise Mistake(what, "Steps and positions begin at 0, and a weight is between 0 and 1.")
        found.setdefault(step, {})[position] = weight
    for step, weights in found.items():
        if sum(weights.values()) > 1 + 1e-6:
            raise Mistake(f"The weights of step {step} together exceed 1.", "Leave some for the other positions, or 0.")
    return found


def edit_weights(attention: Array, weights: Mapping[int, float]) -> Array:
    """Attention `[R, S]` with these weights at these positions; the others share the rest in proportion.

    Where the others have no weight they share evenly. Without others, the weights are those of the positions alone.
    """
    positions = np.array([*weights])
    if positions.max() >= attention.shape[1]:
        what = f"The source has {attention.shape[1]} positions, and a weight was set for number {positions.max()}."
        raise Mistake(what, "Positions are those of its symbols, from 0.")
    edited = attention.astype(np.float64)
    edited[:, positions] = 0
    if len(positions) < edited.shape[1]:
        others = edited.sum(-1, keepdims=True)
        even = np.ones(edited.shape[1])
        even[positions] = 0
        edited = np.where(others > 0, edited / np.where(others > 0, others, 1), even / even.sum())
        edited *= 1 - sum(weights.values())
    edited[:, positions] = [*weights.values()]
    return edited


def _impossible() -> Mistake:
    return Mistake(
        "The attention of this model cannot be changed: it has none, several, or uses the weights themselves as well.",
        "Ask without a change. Models such as luong, bahdanau and gnmt allow it, without coverage and copying.",
    )
