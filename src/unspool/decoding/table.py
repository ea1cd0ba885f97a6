"""Functions of a table of log-probabilities `[R, C]`, whose class c is the item `FIRST_EMITTED` + c."""

from __future__ import annotations

import numpy as np

from unspool.types import FIRST_EMITTED, Array, Question, StepAnswer


def look_up(table: Array, question: Question) -> StepAnswer:
    """The answer to a question about symbols, without attention."""
    items, log_probs = (None, None) if question.top_k is None else top_k_of(table, question.top_k)
    log_prob = None if question.log_prob_of is None else log_prob_of(table, question.log_prob_of)
    return StepAnswer(items, log_probs, log_prob, table if question.everything else None)


def top_k_of(table: Array, k: int) -> tuple[Array, Array]:
    """The k best of each row, best first, as items and log-probabilities `[R, k]`; ties go to the lower item."""
    if k == 1:
        classes = table.argmax(axis=1)[:, None]
    elif k < table.shape[1]:
        classes = np.sort(np.argpartition(-table, k - 1, axis=1)[:, :k], axis=1)
    else:
        classes = np.broadcast_to(np.arange(table.shape[1]), table.shape)
    found = np.take_along_axis(table, classes, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    items = np.take_along_axis(classes, order, axis=1) + FIRST_EMITTED
    return items, np.take_along_axis(found, order, axis=1)


def log_prob_of(table: Array, items: Array) -> Array:
    """Log-probabilities of one item `[R]` or several `[R, n]` of each row; -inf for an item without a class."""
    classes = items.reshape(len(items), -1) - FIRST_EMITTED
    known = (classes >= 0) & (classes < table.shape[1])
    found = np.take_along_axis(table, np.where(known, classes, 0), axis=1)
    return np.where(known, found, -np.inf).reshape(items.shape)


def entropies_of(table: Array) -> Array:
    """The entropy of each row in nats, `[R]`: 0 where one class is certain, log C where all are equally likely."""
    shares = np.exp(table)
    entropies: Array = 0.0 - (shares * np.where(shares > 0, table, 0.0)).sum(-1)  # never minus zero
    return entropies


def only(table: Array, items: Array, rows: Array) -> Array:
    """The table, with -inf for all except one item in some rows; rows: `[R]` bool, items: `[R]`."""
    alone = table.copy()
    alone[rows] = -np.inf
    classes = items - FIRST_EMITTED
    chosen = np.flatnonzero(rows & (classes >= 0) & (classes < table.shape[1]))
    alone[chosen, classes[chosen]] = table[chosen, classes[chosen]]
    return alone
