"""Ensembles: at every step the probabilities of several models are averaged.

Sutskever, Vinyals, Le 2014 (section 3.6) and many others. The mean is the arithmetic mean of probabilities, not of
their logarithms. For the best continuations or the whole distribution, each member returns the log-probabilities of all
classes, and the mean of each class is computed. For given items, each member returns only theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.decoding.table import log_prob_of, top_k_of
from unspool.errors import Mistake
from unspool.types import Array, Cursor, Question, Sequences, StepAnswer, Stepper, Tree


class Ensemble:
    """A stepper over steppers with the same vocabularies; its cursor is a tuple of the members' cursors.

    Attention is the mean over the members that have it, or None if their weights have different shapes. A row is done
    if all members that return `done` are done. Members that generate real values are a `Mistake`.
    """

    distribution = None

    def __init__(self, members: Sequence[Stepper]) -> None:
        assert members
        if any(member.distribution is not None for member in members):
            raise Mistake("Models that write real values cannot form an ensemble.", "Give one model.")
        self.members = tuple(members)

    def open(self, source: Sequences[Array]) -> tuple[Cursor, ...]:
        """Encode a batch with each member."""
        return tuple(member.open(source) for member in self.members)

    def step(self, cursor: tuple[Cursor, ...], question: Question) -> tuple[StepAnswer, tuple[Cursor, ...]]:
        """Feed each row's last item to each member."""
        inner = Question(None, question.log_prob_of, question.everything or question.top_k is not None)
        stepped = [member.step(each, inner) for member, each in zip(self.members, cursor, strict=True)]
        answers = [answer for answer, _ in stepped]
        return combine(answers, question), tuple(following for _, following in stepped)

    def select(self, cursor: tuple[Cursor, ...], memories: Array, rows: Array, items: Array) -> tuple[Cursor, ...]:
        """Keep these memories and rows of each member."""
        pairs = zip(self.members, cursor, strict=True)
        return tuple(member.select(each, memories, rows, items) for member, each in pairs)

    def shared(self) -> tuple[Ensemble, int]:
        """The number of threads that all members allow."""
        shared = [member.shared() for member in self.members]
        threads = min(threads for _, threads in shared)
        return (Ensemble([member for member, _ in shared]) if threads > 1 else self), threads


def combine(answers: Sequence[StepAnswer], question: Question) -> StepAnswer:
    """One answer from the answers of all members."""
    items, log_probs, everything = None, None, None
    if question.top_k is not None:
        items, log_probs = best([answer.whole for answer in answers], question.top_k)
    if question.everything:
        with np.errstate(divide="ignore"):
            everything = np.log(mean_probabilities([answer.whole for answer in answers]))
    given = None if question.log_prob_of is None else log_mean([answer.given for answer in answers])
    attention = mean_attention([answer.attention for answer in answers])
    return StepAnswer(items, log_probs, given, everything, attention, all_done(answers))


def mean_probabilities(tables: Sequence[Array]) -> Array:
    """The mean probability of every class, `[R, C]`, from log-probabilities `[R, C]` of each member.

    Members that copy may have classes that others lack; for those their probability is 0.
    """
    widest, *others = sorted(tables, key=lambda table: -table.shape[1])
    total: Array = np.exp(widest)
    for table in others:
        total[:, : table.shape[1]] += np.exp(table)
    total /= len(tables)
    return total


def best(tables: Sequence[Array], k: int) -> tuple[Array, Array]:
    """The k best of the mean, best first, as items and log-probabilities `[R, k]`; ties go to the lower item.

    Their log-probabilities are computed again in float64, in which small probabilities do not become 0.
    """
    items, _ = top_k_of(mean_probabilities(tables), k)
    log_probs = log_mean([log_prob_of(table, items) for table in tables])
    order = np.lexsort((items, -log_probs))
    return np.take_along_axis(items, order, axis=1), np.take_along_axis(log_probs, order, axis=1)


def log_mean(log_probs: Sequence[Array]) -> Array:
    """Log of the mean probability, in float64, from log-probabilities of equal shapes."""
    total: Array = np.logaddexp.reduce(np.array(log_probs, dtype=np.float64), axis=0)
    mean: Array = total - np.log(len(log_probs))
    return mean


def mean_attention(attentions: Sequence[Tree]) -> Tree:
    """The mean of the trees that are not None; None if there is none, or if their shapes differ."""
    attentions = [tree for tree in attentions if tree is not None]
    shapes = {tree.shape if isinstance(tree, np.ndarray) else len(tree) for tree in attentions}
    if len(shapes) != 1:
        return None
    if isinstance(attentions[0], tuple):
        return tuple(map(mean_attention, zip(*attentions, strict=True)))
    return np.mean(attentions, axis=0)


def all_done(answers: Sequence[StepAnswer]) -> Array | None:
    """Whether all members that return `done` are done; None if none returns it."""
    known = [answer.done for answer in answers if answer.done is not None]
    return np.logical_and.reduce(known) if known else None
