"""Attention inside a loop over time: step by step, with gradients of the memory that are computed once after the loop.

The memory (keys and values) is the same at every step. Autograd would compute a gradient of its size in each step and
add them up. For additive scores it would also store `tanh(W h + U s)` of every step: `[B, T, S, D]` numbers. Here the
gradient of the values is one batched product over all steps, `Σ_t α_t ⊗ ∂c_t`. The gradient of the keys depends on the
scores (`product_attention`, `additive_attention`).

Everything is float32 at least, because products of one query with its memory are so small that bfloat16 is not faster.
This is tested against `PlainAttention`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.attention import AttentionOutput, View
from unspool.kernels.deferred_gradient import deferred
from unspool.kernels.precision import at_least_float


class Request(NamedTuple):
    """Queries `[B, Q, D]`, the values `[B, S, C]` that they attend to, and mask and scale as in `View`."""

    query: Tensor
    values: Tensor
    mask: Tensor
    scale: Tensor | None


class AttentionResult(NamedTuple):
    """Contexts `[B, Q, C]`, their weights `[B, Q, S]`, and the softmax before scaling."""

    context: Tensor
    weights: Tensor
    softmax: Tensor


class Record(NamedTuple):
    """The values of a step that the gradients of the memory need, `[B, Q, ·]`."""

    weights: Tensor
    to_context: Tensor
    to_scores: Tensor
    query: Tensor


class LoopScores(Protocol):
    """Scores over one memory, for one pass over time."""

    def answer(self, request: Request) -> AttentionResult:
        """Compute scores, weights and contexts."""
        ...

    def backward(
        self, request: Request, softmax: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """The gradients of scores, queries and scale."""
        ...

    def keys_gradient(self, records: Sequence[Record]) -> Tensor:
        """The gradient of the keys over all steps, `[B, S, ·]`."""
        ...

    def v_gradient(self) -> Tensor | None:
        """The gradient of the vector v over all steps, if there is one."""
        ...

    def restart(self) -> None:
        """Discard the gradients of an earlier backward pass."""
        ...


class AttentionLoop:
    """Attention over keys `[B, S, ·]` and values `[B, S, C]` for one pass over time; mask `[B, S]`, True if real.

    project: the projection of queries `[R, D]`; v: the vector of additive scores
    """

    def __init__(
        self,
        scores: LoopScores,
        keys: Tensor,
        values: Tensor,
        mask: Tensor,
        project: Callable[..., Tensor] | None = None,
        v: Tensor | None = None,
    ) -> None:
        self._whole, self._project, self._steps = View(mask.unsqueeze(1)), project, _Steps(scores)
        self._keys = deferred(at_least_float(keys), self._steps.keys_gradient)
        self._values = deferred(at_least_float(values).contiguous(), self._steps.values_gradient)
        self._v = None if v is None else deferred(v, self._steps.v_gradient)

    def __call__(self, query: Tensor, view: View | None = None, coverage: Tensor | None = None) -> AttentionOutput:
        """One step, or all steps at once if the queries are known; see `Attention`."""
        assert coverage is None
        if self._project is not None:
            query = self._project(query.flatten(0, 1)).view(*query.shape[:2], -1)
        memory = self._keys, self._values, self._v
        with torch.autocast(query.device.type, enabled=False):
            output: tuple[Tensor, Tensor] = _AttentionStep.apply(
                at_least_float(query), *memory, *(view or self._whole), self._steps
            )
        return AttentionOutput(*output)


def mix(scores: Tensor, request: Request) -> AttentionResult:
    """`attend` without a graph, for scores `[B, Q, S]`, which are overwritten."""
    scores = scores.masked_fill_(~request.mask, torch.finfo(scores.dtype).min)
    softmax = torch.softmax(scores, -1).mul_(request.mask)
    weights = softmax if request.scale is None else softmax * request.scale
    return AttentionResult(weights @ request.values, weights, softmax)


def mix_backward(
    request: Request, softmax: Tensor, to_context: Tensor, to_weights: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """The gradients of scores and scale."""
    through = to_context @ request.values.transpose(1, 2)
    if to_weights is not None:
        through = through + to_weights
    to_scale = None if request.scale is None else softmax * through
    through = through if request.scale is None else through * request.scale
    return softmax * (through - (softmax * through).sum(-1, keepdim=True)), to_scale


class _Steps:
    """The records of all steps of one pass, and the gradients of the memory computed from them.

    Autograd's graph refers to this object. So this object must not refer to the graph: Python cannot detect such a
    cycle and would never free it.
    """

    def __init__(self, scores: LoopScores) -> None:
        self.scores, self._records, self._complete = scores, list[Record](), False

    def backward(
        self, request: Request, weights: Tensor, softmax: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """The gradients of query and scale; records the step."""
        if self._complete:  # a second backward pass over a retained graph
            self._records, self._complete = [], False
            self.scores.restart()
        to_scores, to_query, to_scale = self.scores.backward(request, softmax, to_context, to_weights)
        record = weights, to_context, to_scores, request.query
        self._records.append(Record(*(tensor.detach() for tensor in record)))
        return to_query, to_scale

    def values_gradient(self) -> Tensor | None:
        """The gradient of the values `[B, S, C]`; like the other gradients, None if no step was reached."""
        if not self._all():
            return None
        weights, to_context = (torch.cat([record[place] for record in self._records], 1) for place in (0, 1))
        return weights.transpose(1, 2) @ to_context

    def keys_gradient(self) -> Tensor | None:
        records = self._all()
        return self.scores.keys_gradient(records) if records else None

    def v_gradient(self) -> Tensor | None:
        return self.scores.v_gradient() if self._all() else None

    def _all(self) -> list[Record]:
        self._complete = True
        return self._records


class _AttentionStep(Function):
    """Keys, values and v are inputs so that autograd visits them last; their gradients come from the records."""

    @staticmethod
    def forward(
        ctx: Any,
        query: Tensor,
        keys: Tensor,
        values: Tensor,
        v: Tensor | None,
        mask: Tensor,
        scale: Tensor | None,
        steps: _Steps,
    ) -> tuple[Tensor, Tensor]:
        request = Request(query, values, mask, scale)
        context, weights, softmax = steps.scores.answer(request)
        ctx.save_for_backward(*request, softmax, weights)
        ctx.steps = steps
        ctx.set_materialize_grads(False)
        return context, weights

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        to_context, to_weights = gradients
        *saved, softmax, weights = ctx.saved_tensors
        request = Request(*saved)
        if to_context is None:
            to_context = request.values.new_zeros(*weights.shape[:2], request.values.shape[-1])
        to_query, to_scale = ctx.steps.backward(request, weights, softmax, to_context, to_weights)
        return to_query, None, None, None, None, to_scale, None
