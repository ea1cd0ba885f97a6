"""Log-likelihoods of given targets, by teacher forcing: every step is fed the true item before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from unspool.decoding.parallel import map_batches
from unspool.fields.padding import pad
from unspool.types import Array, Question, Sequences, Stepper

Collate: TypeAlias = Callable[[Sequence[Any]], Sequences[Array]]
# Sources that are stepped together.
TOGETHER = 128


def log_likelihoods(
    stepper: Stepper,
    sources: Sequence[Any],
    targets: Sequence[Array],
    collate: Collate,
    on_done: Callable[[int], object] | None = None,
) -> Array:
    """`[N]` log p(target | source) in nats, the sum over all items of each target; EOS counts if the target has one.

    -inf for a target with an impossible item, or with an item after the step at which the model is done. Where the
    density has an ending of its own, `done` only stops a search, and says nothing about a target.

    targets: ids `[T]` or real values `[T, F]`, none empty, one for each source
    collate: makes one padded side of a batch from several sources
    on_done: called after each batch with the number of its sources
    """
    sums = np.zeros(len(targets))
    order = np.argsort([-len(target) for target in targets], kind="stable")

    def score(stepper: Stepper, batch: Array) -> Array:
        return _score(stepper, collate([sources[i] for i in batch]), [targets[i] for i in batch])

    batches = [order[begin : begin + TOGETHER] for begin in range(0, len(order), TOGETHER)]
    for batch, log_probs in zip(batches, map_batches(stepper, batches, score), strict=True):
        sums[batch] = log_probs
        if on_done is not None:
            on_done(len(batch))
    return sums


def _score(stepper: Stepper, source: Sequences[Array], targets: Sequence[Array]) -> Array:
    """Log-likelihoods of a batch whose longest target comes first; a row leaves the batch after its last item."""
    cursor, wanted = stepper.open(source), pad(targets)
    sums, live = np.zeros(len(targets)), len(targets)
    ends_itself = stepper.distribution is not None and stepper.distribution.ending is not None
    for t, items in enumerate(wanted.values.swapaxes(0, 1)):
        answer, cursor = stepper.step(cursor, Question(log_prob_of=items[:live]))
        sums[:live] += answer.given
        live = int((wanted.lengths > t + 1).sum())
        going = np.arange(live)
        if answer.done is not None and not ends_itself:
            sums[going[answer.done[:live]]] = -np.inf
        if live:
            cursor = stepper.select(cursor, going, going, items[:live])
    return sums
