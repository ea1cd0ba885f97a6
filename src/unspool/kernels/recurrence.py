"""A recurrent layer step by step, from the equations of one step: the plain form of every recurrent kernel.

The state is a tuple of `[R, D]` tensors, and the first one is the output: `(h,)`, for an LSTM `(h, c)`. An *input
projection* is the input's contribution to the gates, `W x + b`. It does not depend on the state, so it is computed for
all steps at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from unspool.kernels.observing import ObservedStep, observer
from unspool.kernels.ragged import reverse

RnnState = tuple[Tensor, ...]


class RnnWeights(NamedTuple):
    """The weights of a layer's input `[gates·D, I]` and of its recurrence `[gates·D, D]`, and their biases."""

    input: Tensor
    hidden: Tensor
    input_bias: Tensor
    hidden_bias: Tensor

    def project(self, x: Tensor, start: int = 0) -> Tensor:
        """The input projection `[..., gates·D]` of inputs `[..., I']`, which are the layer's columns from `start` on.

        The bias is added only if `start` is 0, so the sum of partial projections is the whole projection.
        """
        weight = self.input[:, start : start + x.shape[-1]]
        return functional.linear(x, weight, self.input_bias if start == 0 else None)

    def recur(self, h: Tensor) -> Tensor:
        """The state's contribution to the gates, `U h + b'`: `[R, gates·D]`."""
        return functional.linear(h, self.hidden, self.hidden_bias)


# All steps of a layer; see `run_stepwise`.
Layer = Callable[[Tensor, RnnState, Tensor | None, RnnWeights], tuple[Tensor, RnnState]]
# The equations of one step, from the whole input projection `[R, gates·D]` and the state.
StepEquations = Callable[[Tensor, RnnState, RnnWeights], RnnState]


class RecurrentLoop(Protocol):
    """A recurrent layer for one pass through a loop over time."""

    def input_projections(self, x: Tensor) -> Iterable[Tensor]:
        """The input projections of all steps of `[B, T, I']`, `[B, gates·D]` each, in one product."""
        ...

    def step(self, projection: Tensor | None, state: RnnState, context: Tensor | None = None) -> RnnState:
        """One step from an input projection `[R, gates·D]`.

        context: `[R, C]` the last columns of the input, if they are computed inside the recurrence; the whole input if
            there is no projection
        """
        ...


class StepwiseLoop:
    """A loop that runs the equations in PyTorch's operations."""

    def __init__(self, weights: RnnWeights, equations: StepEquations) -> None:
        self._weights, self._equations = weights, equations

    def input_projections(self, x: Tensor) -> Iterable[Tensor]:
        """See `RecurrentLoop`."""
        return self._weights.project(x).unbind(1)

    def step(self, projection: Tensor | None, state: RnnState, context: Tensor | None = None) -> RnnState:
        """See `RecurrentLoop`."""
        if context is not None:
            within = self._weights.project(context, self._weights.input.shape[1] - context.shape[-1])
            projection = within if projection is None else projection + within
        assert projection is not None
        return run_step(self._equations, projection, state, self._weights)


def run_step(equations: StepEquations, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
    """One step from the whole input projection `[R, gates·D]`, shown to the observer if there is one."""
    after = equations(projection, state, weights)
    if (show := observer()) is not None:
        show(ObservedStep(projection, state, after, weights))
    return after


def run_stepwise(
    equations: StepEquations, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights
) -> tuple[Tensor, RnnState]:
    """All steps of `[B, T, I]`: outputs `[B, T, D]` and the state after each row's last real item.

    mask: `[B, T]` True at real items; outputs at padding are undefined, and the final state does not depend on padding
    """
    outputs = []
    for t, projection in enumerate(weights.project(x).unbind(1)):
        stepped = run_step(equations, projection, state, weights)
        if mask is not None:
            real = mask[:, t].unsqueeze(1)
            stepped = tuple(torch.where(real, new, old) for new, old in zip(stepped, state, strict=True))
        state = stepped
        outputs.append(state[0])
    return torch.stack(outputs, 1) if outputs else x.new_zeros(len(x), 0, state[0].shape[-1]), state


def run_layer(
    layer: Layer, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
) -> tuple[Tensor, RnnState]:
    """All steps of `[B, T, I]`; see `run_stepwise`.

    backward: read each row from its last real item to its first; each output has the position of its item
    """
    if not backward:
        return layer(x, state, mask, weights)
    if mask is None:
        mask = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
    outputs, final = layer(reverse(x, mask), state, mask, weights)
    return reverse(outputs, mask), final
