"""A search of one source that is recorded: every hypothesis that was kept in each step, and what else was probable.

The recorder is a stepper around a stepper, so any search can be recorded, with PyTorch or without. It stands below
prefixes and other constraints, so what it shows as probable is what the model says by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unspool.config import DecodingConfig
from unspool.decoding.attention_edits import AttentionEdit, EditedAttention
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.prefix import PrefixConstraint
from unspool.decoding.search import search
from unspool.decoding.table import entropies_of, log_prob_of, top_k_of
from unspool.decoding.watching import Watch, Watched
from unspool.errors import Mistake
from unspool.types import (
    EOS,
    Array,
    AttendingStepper,
    Cursor,
    EncodingStepper,
    HandedOver,
    Question,
    Sequences,
    StepAnswer,
    Stepper,
    Tree,
)

# The most probable next items that are kept of each row.
TOP = 10


class KeptHypothesis(NamedTuple):
    """A hypothesis after a step that kept it.

    parent:   its place among the live ones of the step before; 0 in the first step
    item:     the item that this step appended
    log_prob: of that item in nats, as the search saw it
    score:    the sum of the log-probabilities so far
    finished: whether it ended with this item; otherwise it is live, and the live ones come first
    """

    parent: int
    item: int
    log_prob: float
    score: float
    finished: bool


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of a search of one source, with R rows: the live hypotheses of the step before.

    items, log_probs: `[R, n]` the most probable next items of each row, best first, by the model alone
    entropies:        `[R]` of each row's whole distribution, in nats, by the model alone
    attention:        `[R, S]` the weights of each row, a tree if there are several attentions, or None
    kept:             the hypotheses after the step
    """

    items: Array
    log_probs: Array
    entropies: Array
    attention: Tree
    kept: list[KeptHypothesis]


class SearchTrace(NamedTuple):
    """A recorded search.

    hypotheses: the answers, best first
    paths:      for each of them, its place in `kept` of every step that it was in
    handed_over: what the decoder got of the encoder
    can_edit:   whether weights of attention can be set, see `attention_edits`
    """

    steps: list[TraceStep]
    hypotheses: list[Hypothesis]
    paths: list[list[int]]
    handed_over: HandedOver = HandedOver()
    can_edit: bool = False


class RecorderCursor(NamedTuple):
    """The state of a search: `scores` `[R]` are those of its rows; `table` `[R, C]` is the last step's."""

    cursor: Cursor
    scores: Array
    table: Array


class Recorder:
    """A stepper that records the search of one source; `steps` has what it saw."""

    distribution = None

    def __init__(self, stepper: Stepper) -> None:
        self.stepper, self.steps = stepper, list[TraceStep]()

    def open(self, source: Sequences[Array]) -> RecorderCursor:
        """Encode a source and start decoding."""
        return RecorderCursor(self.stepper.open(source), np.zeros(1), np.zeros((1, 0)))

    def step(self, cursor: RecorderCursor, question: Question) -> tuple[StepAnswer, RecorderCursor]:
        """Feed each row's last item."""
        answer, inner = self.stepper.step(cursor.cursor, question._replace(everything=True))
        items, log_probs = top_k_of(answer.whole, min(TOP, answer.whole.shape[1]))
        self.steps.append(TraceStep(items, log_probs, entropies_of(answer.whole), answer.attention, []))
        return answer, cursor._replace(cursor=inner, table=answer.whole)

    def select(self, cursor: RecorderCursor, memories: Array, rows: Array, items: Array) -> RecorderCursor:
        """Keep these rows, which are live."""
        chosen = log_prob_of(cursor.table[rows], items)
        scores = cursor.scores[rows] + chosen
        kept = zip(rows.tolist(), items.tolist(), chosen.tolist(), scores.tolist(), strict=True)
        self.steps[-1].kept.extend(KeptHypothesis(*one, finished=False) for one in kept)
        return RecorderCursor(self.stepper.select(cursor.cursor, memories, rows, items), scores, cursor.table)

    def shared(self) -> tuple[Recorder, int]:
        """Itself and 1, because it belongs to one search."""
        return self, 1

    def finish(self, hypotheses: Sequence[Hypothesis]) -> SearchTrace:
        """The trace, with the hypotheses that ended: no `select` has shown them."""
        return SearchTrace(self.steps, list(hypotheses), [self._path(hypothesis) for hypothesis in hypotheses])

    def _path(self, hypothesis: Hypothesis) -> list[int]:
        """Its places, and where it ends an entry of its own."""
        if not hypothesis.rows:
            return []
        path = list(hypothesis.rows[1:])  # a row of a step is a place among the live ones of the step before
        step, row = self.steps[len(hypothesis.rows) - 1], hypothesis.rows[-1]
        if hypothesis.finished:
            # EOS is no item of a hypothesis, but one that the model itself ends has only items.
            item = EOS if len(hypothesis.items) < len(hypothesis.rows) else hypothesis.items[-1]
            before = self.steps[len(path) - 1].kept[row].score if path else 0.0
            ended = KeptHypothesis(row, item, hypothesis.score - before, hypothesis.score, finished=True)
            step.kept.append(ended)
            return [*path, len(step.kept) - 1]
        place = [kept[:2] for kept in step.kept].index((row, hypothesis.items[-1]))
        return [*path, place]


def trace_search(
    stepper: Stepper,
    source: Sequences[Array],
    settings: DecodingConfig,
    prefix: Array,
    barred: Array,
    watch: Watch | None = None,
    edits: Sequence[AttentionEdit] = (),
) -> SearchTrace:
    """Search one source, and record it; all K hypotheses of a beam are among the answers.

    prefix, barred: as in `PrefixConstraint`; empty if there is none
    watch: who waits for it, and may give up; the source's number is 0
    edits: what a person sets of the attention, see `attention_edits`
    A model of real values is a `Mistake`, and so are several samples.
    """
    if stepper.distribution is not None:
        what = "This model writes real values, and a trace is of a search over symbols."
        raise Mistake(what, "Ask for its answer without a trace.")
    if settings.sample and settings.n_best > 1:
        raise Mistake("A trace follows one sample.", "Leave out n_best, or leave out sample.")
    edited = EditedAttention(stepper, edits) if edits else stepper
    recorder = Recorder(edited if watch is None else Watched(edited, watch, [0]))
    searched: Stepper = PrefixConstraint(recorder, [prefix], [barred]) if len(prefix) else recorder
    whole = settings if settings.sample else settings.model_copy(update={"n_best": settings.beam})
    (found,) = search(searched, source, whole)
    handed_over, can_edit = _inside(stepper, source)
    return recorder.finish(found)._replace(handed_over=handed_over, can_edit=can_edit)


def _inside(stepper: Stepper, source: Sequences[Array]) -> tuple[HandedOver, bool]:
    """What the encoder hands over, and whether its attention can be edited; the source is encoded once more for it."""
    opened = stepper.open(source)
    handed_over = stepper.handed_over(opened) if isinstance(stepper, EncodingStepper) else HandedOver()
    return handed_over, isinstance(stepper, AttendingStepper) and stepper.values(opened) is not None
