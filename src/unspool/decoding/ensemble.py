"""Several models as one: at every step the mean of their probabilities.

Sutskever, Vinyals, Le 2014 (section 3.6) and others since. The mean is arithmetic, of probabilities, not of their
logarithms. Where the best continuations or everything is asked for, each member gives its log-probabilities of all
classes, and the means are taken class by class; for given items each member gives those alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.decoding.table import log_prob_of, top_k_of
from unspool.errors import Mistake
from unspool.types import Array, Cursor, Question, Sequences, StepAnswer, Stepper, Tree


class Ensemble:
    """A stepper over steppers that share their vocabularies; a cursor holds one of each member.

    Attention is the mean over the members that have it, None where their weights are of unlike shapes; a row is done
    when every member that says so of itself is. Members that write real values are a `Mistake`.
    """

    distribution = None

    def __init__(self, members: Sequence[Stepper]) -> None:
        assert members
        if any(member.distribution is not None for member in members):
            raise Mistake("Models that write real values do not answer together.", "Give one model.")
        self.members = tuple(members)

    def open(self, source: Sequences[Array]) -> tuple[Cursor, ...]:
        """Encode a batch with each member."""
        return tuple(member.open(source) for member in self.members)

    def step(self, cursor: tuple[Cursor, ...], question: Question) -> tuple[StepAnswer, tuple[Cursor, ...]]:
        """Feed each row's last item to each member."""
        asked = Question(None, question.log_prob_of, question.everything or question.top_k is not None)
        stepped = [member.step(each, asked) for member, each in zip(self.members, cursor, strict=True)]
        answers = [answer for answer, _ in stepped]
        return combine(answers, question), tuple(following for _, following in stepped)

    def select(self, cursor: tuple[Cursor, ...], memories: Array, rows: Array, items: Array) -> tuple[Cursor, ...]:
        """Keep these memories and rows of each member."""
        pairs = zip(self.members, cursor, strict=True)
        return tuple(member.select(each, memories, rows, items) for member, each in pairs)

    def shared(self) -> tuple[Ensemble, int]:
        """As many threads as every member allows."""
        shared = [member.shared() for member in self.members]
        threads = min(threads for _, threads in shared)
        return (Ensemble([member for member, _ in shared]) if threads > 1 else self), threads


def combine(answers: Sequence[StepAnswer], question: Question) -> StepAnswer:
    """One answer from those of all members."""
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

    Members that copy may have classes that others lack: those find them impossible.
    """
    widest, *others = sorted(tables, key=lambda table: -table.shape[1])
    total: Array = np.exp(widest)
    for table in others:
        total[:, : table.shape[1]] += np.exp(table)
    total /= len(tables)
    return total


def best(tables: Sequence[Array], k: int) -> tuple[Array, Array]:
    """The k best of the mean, best first, as items and log-probabilities `[R, k]`; among equals the lower item.

    Those that were found are added up once more in float64, where small probabilities do not become 0.
    """
    items, _ = top_k_of(mean_probabilities(tables), k)
    log_probs = log_mean([log_prob_of(table, items) for table in tables])
    order = np.lexsort((items, -log_probs))
    return np.take_along_axis(items, order, axis=1), np.take_along_axis(log_probs, order, axis=1)


def log_mean(log_probs: Sequence[Array]) -> Array:
    """Log of the mean probability, in float64, from log-probabilities of any one shape."""
    total: Array = np.logaddexp.reduce(np.array(log_probs, dtype=np.float64), axis=0)
    mean: Array = total - np.log(len(log_probs))
    return mean


def mean_attention(attentions: Sequence[Tree]) -> Tree:
    """The mean of the trees that are there; None where there is none, or where they are not of one shape."""
    attentions = [tree for tree in attentions if tree is not None]
    shapes = {tree.shape if isinstance(tree, np.ndarray) else len(tree) for tree in attentions}
    if len(shapes) != 1:
        return None
    if isinstance(attentions[0], tuple):
        return tuple(map(mean_attention, zip(*attentions, strict=True)))
    return np.mean(attentions, axis=0)


def all_done(answers: Sequence[StepAnswer]) -> Array | None:
    """Whether all that know it are done; None where none does."""
    known = [answer.done for answer in answers if answer.done is not None]
    return np.logical_and.reduce(known) if known else None
