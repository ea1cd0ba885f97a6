"""Products with embedded symbols: if there are few symbols, computed once for each symbol and not at each position.

A layer's product for symbol y is `W E[y] + b`, a row of `E Wᵀ + b`. A batch of words has thousands of letters, but an
alphabet has about thirty, so rows are looked up. In the backward pass the gradients of each symbol are first added up,
by a product with a matrix that marks the symbol at each position. W and E get their gradients from the sums.

So the table's gradient does not go through the vectors, which saves the largest product, `∂(W x) W` at every position.
This is correct only if the gradient of the vectors themselves is not needed. A full `backward()` needs only those of
leaves, unless the vectors retain their gradient or have a hook. In all other cases (`autograd.grad`, for example of a
loss by its embedded symbols) the gradient goes through the vectors to the table, and both are correct.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from unspool.kernels.precision import narrowed
from unspool.kernels.switch import fused
from unspool.types import PAD


class EmbeddedSymbols(Tensor):
    """Vectors `[..., I]` that remember their origin, `table[ids]`. Results of operations are plain tensors.

    lookup: the vectors after the lookup, whose gradient users may need
    probe:  a node of autograd's graph that only a full backward pass reaches
    """

    ids: Tensor
    table: Tensor
    lookup: Tensor | None
    probe: Tensor

    # As in PyTorch's `Parameter`: results of operations do not have this class.
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    def is_worth_sharing(self) -> bool:
        """Whether a product over the symbols needs less than half of the operations of one over their positions.

        For V symbols, N positions, vectors of I numbers and G results: `3·V·I·G + V·N·G` terms instead of `3·N·I·G`.
        """
        (symbols, size), places = self.table.shape, self.ids.numel()
        return 2 * symbols * (3 * size + places) < 3 * places * size


def embedded(vectors: Tensor, ids: Tensor, table: Tensor) -> Tensor:
    """The vectors `table[ids]`, which remember their origin if they need gradients."""
    if not fused(vectors):
        return vectors
    return _remember(vectors, ids, table, None, _probe())


def time_first(x: Tensor) -> Tensor:
    """`[B, T, I]` to `[T, B, I]`, not contiguous."""
    turned = x.transpose(0, 1)
    if not isinstance(x, EmbeddedSymbols):
        return turned
    return _remember(turned, x.ids.t(), x.table, x if x.lookup is None else x.lookup, x.probe)


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`W x + b` for `[..., I]`, like `functional.linear`."""
    if isinstance(x, EmbeddedSymbols) and x.is_worth_sharing():
        parts = narrowed(x.table), narrowed(weight), None if bias is None else narrowed(bias)
        rows: Tensor = _SharedProduct.apply(x, x.probe, *parts)
        return rows
    return functional.linear(narrowed(x).contiguous(), weight, bias)


class _SharedProduct(Function):
    @staticmethod
    def forward(
        ctx: Any, x: EmbeddedSymbols, probe: Tensor, table: Tensor, weight: Tensor, bias: Tensor | None
    ) -> Tensor:
        ctx.save_for_backward(x.ids, table, weight)
        ctx.lookup, ctx.probe = x if x.lookup is None else x.lookup, probe.grad_fn
        return functional.embedding(x.ids, functional.linear(table, weight, bias))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        ids, table, weight = ctx.saved_tensors
        places = gradients[0].new_zeros(len(table), ids.numel())
        places.scatter_(0, ids.reshape(1, -1), 1.0)
        sums = places @ gradients[0].reshape(ids.numel(), -1)
        to_weight, to_bias = sums.t() @ table, sums.sum(0) if ctx.needs_input_grad[4] else None
        if _is_observed(ctx):
            return gradients[0] @ weight, None, None, to_weight, to_bias
        to_table = sums @ weight
        to_table[PAD] = 0.0  # padding has no gradient, as in `nn.Embedding`
        return None, None, to_table, to_weight, to_bias


class _Probe(Function):
    """A node with its own leaf, whose gradient nobody can request."""

    @staticmethod
    def forward(ctx: Any, leaf: Tensor) -> Tensor:
        ctx.set_materialize_grads(False)
        return leaf.clone()

    @staticmethod
    def backward(ctx: Any, *nothing: None) -> None:
        return None


def _probe() -> Tensor:
    result: Tensor = _Probe.apply(torch.zeros((), requires_grad=True))
    return result


def _remember(vectors: Tensor, ids: Tensor, table: Tensor, lookup: Tensor | None, probe: Tensor) -> EmbeddedSymbols:
    known = vectors.as_subclass(EmbeddedSymbols)
    known.ids, known.table, known.lookup, known.probe = ids, table, lookup, probe
    return known


def _is_observed(ctx: Any) -> bool:
    """Whether the gradient of the vectors may be needed in this backward pass."""
    if ctx.lookup.retains_grad or ctx.lookup._backward_hooks:
        return True
    # PyTorch's `register_multi_grad_hook` asks the engine in the same way.
    full: bool = torch._C._will_engine_execute_node(ctx.probe)
    return not full
