"""Beam search: at every step the K best hypotheses of each sentence.

The rules:

- A sentence has K places. A finished hypothesis keeps its place, and it is never extended.
- Live hypotheses are ranked by the sum of their log-probabilities, finished ones by `log P(Y|X) / lp(Y) + cp(X; Y)`:
  this sum divided by the length penalty, plus the coverage penalty, which is 0 by default (Wu et al. 2016, eq. 14).
- A sentence stops if it has no live hypothesis left, or if none can still become one of its n best finished ones.
- Hypotheses that are cut, because they are live at the maximum length, are ranked among the finished ones, by
  `log P(Y|X) + cp(X; Y)`: only what has ended is rewarded for its length. They are returned as unfinished.
- Hypotheses that cannot be continued are returned as unfinished after all others.

So a beam of 1 is greedy search, and a beam as wide as the search tree is exhaustive search. Ties are resolved by the
lower place, then by the stepper's order, then by the earlier end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.decoding.history import BackPointers, Finished, extents, is_last, trace
from unspool.decoding.hypothesis import Hypothesis, coverage_penalty, length_penalty
from unspool.errors import Mistake
from unspool.types import Array, Question, Sequences, StepAnswer, Stepper


class _Beam(NamedTuple):
    """The live hypotheses of the B sentences that are still searched; row b·W + w is place w of the b-th of them.

    W is the largest number of live hypotheses of any sentence; the unused places of other sentences have the sum -inf.

    sentences: `[B]` the numbers of the sources
    sums:      `[B, W]` sums of log-probabilities, best first, -inf for an unused place
    places:    `[B]` places that are not taken by finished hypotheses
    best:      `[B, n_best]` ranking scores of the best finished hypotheses, best first, -inf if there are fewer
    """

    sentences: Array
    sums: Array
    places: Array
    best: Array


class _Chosen(NamedTuple):
    """The continuations that get a place, best first, `[B, C]` each; `sums` is -inf if a place stays empty.

    ranking_scores: the ranking scores of those that have ended
    """

    sums: Array
    rows: Array
    items: Array
    ended: Array
    ranking_scores: Array


def beam_search(
    stepper: Stepper,
    source: Sequences[Array],
    *,
    beam: int,
    n_best: int,
    max_length: int,
    alpha: float,
    beta: float = 0.0,
) -> list[list[Hypothesis]]:
    """The `n_best` hypotheses of each source, best first: at least one, and fewer if there are not enough.

    beam:       K, the places of each sentence; at least n_best
    max_length: maximum number of steps, EOS included
    alpha:      exponent of the length penalty; 0 compares plain sums
    beta:       weight of the coverage penalty; if it is above 0, a model without attention is a `Mistake`
    A model of real values is a `Mistake`.
    """
    assert 1 <= n_best <= beam and max_length >= 1
    if stepper.distribution is not None:
        what = "Beam search is for symbols, and this model writes real values."
        raise Mistake(what, "Draw answers: --sample. Or use the most probable values at each step: --beam 1.")
    count = len(source.lengths)
    cursor = stepper.open(source)
    live = _Beam(np.arange(count), np.zeros((count, 1)), np.full(count, beam), np.full((count, n_best), -np.inf))
    history: list[BackPointers] = []
    ends: list[list[Finished]] = [[] for _ in range(count)]
    coverage: Array = np.zeros((count, 1))
    while len(live.sentences) and len(history) < max_length:
        # As many continuations of each row as there are places are enough: any other continuation has at least that
        # many better ones in its own row, so it gets no place, whether or not EOS is among them.
        answer, cursor = stepper.step(cursor, Question(top_k=int(live.places.max())))
        chosen = _expand(live, answer, length_penalty(len(history) + 1, alpha))
        if beta:
            coverage = coverage + _attention(answer)
            real = np.arange(coverage.shape[1]) < source.lengths[live.sentences, None, None]
            penalty = coverage_penalty(coverage[chosen.rows], real, beta)
            chosen = chosen._replace(ranking_scores=chosen.ranking_scores + penalty)
        if chosen.ended.any():
            _record_finished(ends, live, chosen, len(history))
        _record_stuck(ends, live, chosen, len(history))
        live = _finish(live, chosen)
        going = _continuing(live, length_penalty(max_length, alpha))
        live, rows, items = _prune(live, chosen, going)
        history.append(BackPointers(rows, items, answer.attention))
        if beta:
            coverage = coverage[rows]
        if len(going):
            cursor = stepper.select(cursor, going, rows, items)
    cut = live.sums
    if beta and cut.size and history:
        real = np.arange(coverage.shape[1]) < source.lengths[live.sentences, None, None]
        cut = cut + coverage_penalty(coverage.reshape(*cut.shape, -1), real, beta)
    _record_live(ends, live, np.arange(len(live.sentences)), len(history), cut)
    return [_ranked(history, ends[b], n_best, extent) for b, extent in enumerate(extents(source))]


def _attention(answer: StepAnswer) -> Array:
    """The attention weights `[R, S]` that a coverage penalty adds up."""
    if not isinstance(answer.attention, np.ndarray):
        what = "A coverage penalty needs one attention over the source, and this model has none, or several."
        raise Mistake(what, "Leave --coverage-penalty (decoding.coverage_penalty) at 0, or use a model such as luong.")
    return answer.attention


def _expand(live: _Beam, answer: StepAnswer, penalty: float) -> _Chosen:
    """Fill the places of each sentence with the best continuations of all its rows."""
    sentences, width = live.sums.shape
    best, log_probs = answer.best
    n = best.shape[1]
    totals = (live.sums[:, :, None] + log_probs.reshape(sentences, width, n)).reshape(sentences, width * n)
    order = np.argsort(-totals, axis=1, kind="stable")[:, : int(live.places.max())]
    each = np.arange(sentences)[:, None]
    sums = totals[each, order]
    if live.places.min() < order.shape[1]:
        sums[np.arange(order.shape[1]) >= live.places[:, None]] = -np.inf
    rows = order // n + width * each
    items = best.reshape(sentences, width * n)[each, order]
    ended = is_last(items, None if answer.done is None else answer.done[rows])
    return _Chosen(sums, rows, items, ended & (sums > -np.inf), sums / penalty)


def _finish(live: _Beam, chosen: _Chosen) -> _Beam:
    """Give places to the hypotheses that end in this step; the others become the live ones, `[B, C]`."""
    if not chosen.ended.any():
        return live._replace(sums=chosen.sums)
    ranking_scores = np.where(chosen.ended, chosen.ranking_scores, -np.inf)
    best = -np.sort(-np.concatenate([live.best, ranking_scores], axis=1), axis=1)[:, : live.best.shape[1]]
    sums = np.where(chosen.ended, -np.inf, chosen.sums)
    return _Beam(live.sentences, sums, live.places - chosen.ended.sum(axis=1), best)


def _continuing(live: _Beam, longest_penalty: float) -> Array:
    """The sentences with a live hypothesis that may still become one of the n best finished ones, `[B']`.

    Log-probabilities are at most zero, so a sum can only fall, and its quotient is largest with the length penalty of
    the maximum length. The coverage penalty is at most zero, too, and can be zero. A tie is not enough, because
    hypotheses that finished earlier come first.
    """
    reachable = live.sums.max(axis=1) / longest_penalty
    return np.flatnonzero((reachable > -np.inf) & (reachable > live.best[:, -1]))


def _prune(live: _Beam, chosen: _Chosen, going: Array) -> tuple[_Beam, Array, Array]:
    """Keep the sentences that continue, live hypotheses first, with as many places as the fullest sentence needs.

    Returns the beam, and for each of its rows the row that it continues and the item that it appends.
    """
    if len(going) == len(live.sums) and live.sums.min() > -np.inf and not chosen.ended.any():
        return (
            live,
            chosen.rows.reshape(-1),
            chosen.items.reshape(-1),
        )  # all sentences continue, and their hypotheses are in order
    sums = live.sums[going]
    width = int((sums > -np.inf).sum(axis=1).max(initial=0))
    places = going[:, None], np.argsort(-sums, axis=1, kind="stable")[:, :width]
    kept = _Beam(live.sentences[going], live.sums[places], live.places[going], live.best[going])
    return kept, chosen.rows[places].reshape(-1), chosen.items[places].reshape(-1)


def _record_finished(ends: list[list[Finished]], live: _Beam, chosen: _Chosen, step: int) -> None:
    """Record the hypotheses that end in this step."""
    for b, c in zip(*np.nonzero(chosen.ended), strict=True):
        row, item, score = int(chosen.rows[b, c]), int(chosen.items[b, c]), float(chosen.sums[b, c])
        ranking_score = float(chosen.ranking_scores[b, c])
        ends[live.sentences[b]].append(Finished(step, row, item, score, complete=True, ranking_score=ranking_score))


def _record_stuck(ends: list[list[Finished]], live: _Beam, chosen: _Chosen, step: int) -> None:
    """Record the live hypotheses of sentences in which none can be continued."""
    stuck = ~(chosen.sums[:, 0] > -np.inf)
    if stuck.any():
        _record_live(ends, live, np.flatnonzero(stuck), step, np.full_like(live.sums, -np.inf))


def _record_live(ends: list[list[Finished]], live: _Beam, which: Array, step: int, ranking_scores: Array) -> None:
    """Record the live hypotheses of these sentences, as they are before a step, as unfinished.

    ranking_scores: `[B, W]`
    """
    width = live.sums.shape[1]
    for b in which:
        for place in np.flatnonzero(live.sums[b] > -np.inf):
            row, score, ranking_score = (
                int(b * width + place),
                float(live.sums[b, place]),
                float(ranking_scores[b, place]),
            )
            end = Finished(step, row, None, score, complete=False, ranking_score=ranking_score)
            ends[live.sentences[b]].append(end)


def _ranked(
    history: list[BackPointers], ends: list[Finished], n_best: int, extent: tuple[int, ...]
) -> list[Hypothesis]:
    """The n best of one sentence by their ranking score; then those that cannot be continued, by sum."""

    def rank(end: Finished) -> tuple[bool, float]:
        possible = end.ranking_score > -np.inf
        return possible, end.ranking_score if possible else end.score

    best = sorted(ends, key=rank, reverse=True)[:n_best]  # a stable sort, also in reverse
    return [trace(history, end, extent) for end in best]
