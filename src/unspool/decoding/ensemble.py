"""Several models as one: at every step the mean of their probabilities.

Sutskever, Vinyals, Le 2014 (section 3.6) and others since. The mean is arithmetic, of probabilities, not of their
logarithms; so every member is asked for all its continuations, and they are put together by item.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.decoding.sampling import ALL
from unspool.types import FIRST_EMITTED, Array, Choices, Cursor, Sequences, Stepper, Tree


class Ensemble:
    """A stepper over steppers that share their vocabularies; a cursor holds one of each member.

    Attention is the mean over the members that have it, None where their weights are of unlike shapes; a row is done
    when every member that says so of itself is.
    """

    def __init__(self, members: Sequence[Stepper]) -> None:
        assert members
        self.members = tuple(members)

    def open(self, source: Sequences[Array]) -> tuple[Cursor, ...]:
        """Encode a batch with each member."""
        return tuple(member.open(source) for member in self.members)

    def step(self, cursor: tuple[Cursor, ...], n: int) -> tuple[Choices, tuple[Cursor, ...]]:
        """Feed each row's last item to each member."""
        stepped = [member.step(each, ALL) for member, each in zip(self.members, cursor, strict=True)]
        said = [choices for choices, _ in stepped]
        items, log_probs = best(mean(said), n)
        attention = mean_attention([choices.attention for choices in said])
        return Choices(items, log_probs, attention, _done(said)), tuple(following for _, following in stepped)

    def select(self, cursor: tuple[Cursor, ...], memories: Array, rows: Array, items: Array) -> tuple[Cursor, ...]:
        """Keep these memories and rows of each member."""
        pairs = zip(self.members, cursor, strict=True)
        return tuple(member.select(each, memories, rows, items) for member, each in pairs)

    def shared(self) -> tuple[Ensemble, int]:
        """As many threads as every member allows."""
        shared = [member.shared() for member in self.members]
        threads = min(threads for _, threads in shared)
        return (Ensemble([member for member, _ in shared]) if threads > 1 else self), threads


def mean(said: Sequence[Choices]) -> Array:
    """Log of the mean probability of every item from `FIRST_EMITTED` on, `[R, C]` in float64; -inf of the impossible.

    What a member does not name, it finds impossible.
    """
    count, most = len(said[0].items), max(int(choices.items.max()) for choices in said)
    total = np.zeros((count, most + 1 - FIRST_EMITTED))
    for choices in said:
        total[np.arange(count)[:, None], choices.items - FIRST_EMITTED] += np.exp(choices.log_probs, dtype=np.float64)
    with np.errstate(divide="ignore"):
        log_probs: Array = np.log(total / len(said))
    return log_probs


def best(log_probs: Array, n: int) -> tuple[Array, Array]:
    """The n best of `[R, C]`, best first, as items and log-probabilities `[R, n]`; among equals the lower item."""
    if n < log_probs.shape[1]:
        classes = np.sort(np.argpartition(-log_probs, n - 1, axis=1)[:, :n], axis=1)
    else:
        classes = np.broadcast_to(np.arange(log_probs.shape[1]), log_probs.shape)
    found = np.take_along_axis(log_probs, classes, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    items = np.take_along_axis(classes, order, axis=1) + FIRST_EMITTED
    return items, np.take_along_axis(found, order, axis=1)


def mean_attention(looked: Sequence[Tree]) -> Tree:
    """The mean of the trees that are there; None where there is none, or where they are not of one shape."""
    looked = [tree for tree in looked if tree is not None]
    shapes = {tree.shape if isinstance(tree, np.ndarray) else len(tree) for tree in looked}
    if len(shapes) != 1:
        return None
    if isinstance(looked[0], tuple):
        return tuple(map(mean_attention, zip(*looked, strict=True)))
    return np.mean(looked, axis=0)


def _done(said: Sequence[Choices]) -> Array | None:
    told = [choices.done for choices in said if choices.done is not None]
    return np.logical_and.reduce(told) if told else None
