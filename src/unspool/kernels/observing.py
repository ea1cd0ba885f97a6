"""Somebody who watches the steps of recurrent layers, where they run one by one.

Fused kernels keep no gates, and some keep no states between the first and the last. In the context `observing` kernels
run in their plain form, and each step is shown to the observer. Nothing is changed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from torch import Tensor

from unspool.kernels.switch import plain_kernels

if TYPE_CHECKING:
    from unspool.kernels.recurrence import RnnState, RnnWeights


class ObservedStep(NamedTuple):
    """One step of a layer.

    projection: `[R, gates·D]` the whole input projection
    before, after: the state, `[R, D]` each; at padding `after` is what the step would have made
    weights:    the layer's; `weights.hidden` is the same tensor in all of its steps
    """

    projection: Tensor
    before: RnnState
    after: RnnState
    weights: RnnWeights


Observer: TypeAlias = Callable[[ObservedStep], None]
_observer: ContextVar[Observer | None] = ContextVar("observer", default=None)


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """In this context, kernels that this thread calls run in their plain form and show every step."""
    token = _observer.set(observer)
    try:
        with plain_kernels():
            yield
    finally:
        _observer.reset(token)


def observer() -> Observer | None:
    """Who watches, if anybody does."""
    return _observer.get()
