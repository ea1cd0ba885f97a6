"""How likely a model finds given texts: every step is fed the true item before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from unspool.decoding.sampling import ALL
from unspool.decoding.side_by_side import side_by_side
from unspool.types import Array, Choices, Source, Stepper, pad, pad_sources

# Sources that are stepped together.
TOGETHER = 128


def log_likelihoods(
    stepper: Stepper,
    sources: Sequence[Source],
    targets: Sequence[Array],
    on_done: Callable[[int], object] | None = None,
) -> Array:
    """`[N]` log p(target | source) in nats, the sum over all items of each target; EOS counts where it stands there.

    -inf of a target with an item that the model cannot write, or with one behind the step that it calls the last.

    sources: ids `[S]`, real values `[S, F]` or documents; targets: ids `[T]`, none empty; N of each
    on_done: called after each batch with the number of sources in it
    """
    sums = np.zeros(len(targets))
    order = np.argsort([-len(target) for target in targets], kind="stable")

    def found(stepper: Stepper, batch: Array) -> Array:
        return _together(stepper, [sources[i] for i in batch], [targets[i] for i in batch])

    batches = [order[begin : begin + TOGETHER] for begin in range(0, len(order), TOGETHER)]
    for batch, log_probs in zip(batches, side_by_side(stepper, batches, found), strict=True):
        sums[batch] = log_probs
        if on_done is not None:
            on_done(len(batch))
    return sums


def _together(stepper: Stepper, sources: Sequence[Source], targets: Sequence[Array]) -> Array:
    """Of a batch whose longest target comes first: a row leaves behind its last item."""
    cursor, wanted = stepper.open(pad_sources(sources)), pad(targets)
    sums, live = np.zeros(len(targets)), len(targets)
    for t, items in enumerate(wanted.values.T):
        choices, cursor = stepper.step(cursor, ALL)
        sums[:live] += log_prob_of(items[:live], choices)
        live = int((wanted.lengths > t + 1).sum())
        going = np.arange(live)
        if choices.done is not None:
            sums[going[choices.done[:live]]] = -np.inf
        if live:
            cursor = stepper.select(cursor, going, going, items[:live])
    return sums


def log_prob_of(items: Array, choices: Choices) -> Array:
    """`[R]` of one item for each row among all choices; -inf of what is not among them."""
    named = choices.items == items[:, None]
    log_probs = choices.log_probs[np.arange(len(items)), named.argmax(1)]
    return np.where(named.any(1), log_probs, -np.inf)
