"""How likely a model finds given texts: every step is fed the true item before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from unspool.decoding.sampling import ALL
from unspool.types import Array, Stepper, pad

# Sources that are stepped together.
TOGETHER = 128


def log_likelihoods(
    stepper: Stepper,
    sources: Sequence[Array],
    targets: Sequence[Array],
    on_done: Callable[[int], object] | None = None,
) -> Array:
    """`[N]` log p(target | source) in nats, the sum over all items of each target; EOS counts where it stands there.

    sources, targets: ids `[S]` and `[T]`, N of each; no target is empty
    on_done:          called after each batch with the number of sources in it
    """
    sums = np.zeros(len(targets))
    order = np.argsort([-len(target) for target in targets], kind="stable")
    for batch in np.split(order, range(TOGETHER, len(order), TOGETHER)):
        sums[batch] = _together(stepper, [sources[i] for i in batch], [targets[i] for i in batch])
        if on_done is not None:
            on_done(len(batch))
    return sums


def _together(stepper: Stepper, sources: Sequence[Array], targets: Sequence[Array]) -> Array:
    """Of a batch whose longest target comes first: a row leaves behind its last item."""
    cursor, wanted = stepper.open(pad(sources)), pad(targets)
    sums, live = np.zeros(len(targets)), len(targets)
    for t, items in enumerate(wanted.values.T):
        choices, cursor = stepper.step(cursor, ALL)
        place = (choices.items == items[:live, None]).argmax(1)
        sums[:live] += choices.log_probs[np.arange(live), place]
        live = int((wanted.lengths > t + 1).sum())
        going = np.arange(live)
        if live:
            cursor = stepper.select(cursor, going, going, items[:live])
    return sums
