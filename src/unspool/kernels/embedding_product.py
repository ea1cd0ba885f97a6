"""Products with embedded symbols: where symbols are few, made once for each symbol and not at each of its places.

What a layer makes of the symbol y is `W E[y] + b`, a row of `E Wᵀ + b`. A batch of words holds thousands of letters and
an alphabet some thirty, so the rows are looked up. In the backward pass the gradients of one symbol are added up
first, by a product with a matrix that marks which place holds which symbol, and W and E get theirs from the sums.

So the table's gradient bypasses the vectors, which saves the largest product of all, `∂(W x) W` at every place. This is
right only while nobody asks for the gradient of the vectors themselves. A full `backward()` asks for those of leaves
alone, unless the vectors retain their gradient or have a hook. In every other case (`autograd.grad`, say of a loss by
its embedded symbols) the gradient goes through the vectors to the table, and both are right.
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
    """Vectors `[..., I]` that know where they come from: `table[ids]`. Results of operations are plain tensors.

    lookup: the vectors as they were looked up, whose gradient a person may ask for
    probe:  a node of autograd's graph that only a full backward pass reaches
    """

    ids: Tensor
    table: Tensor
    lookup: Tensor | None
    probe: Tensor

    # As of PyTorch's own `Parameter`: results of operations are not of this class.
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    def is_worth_sharing(self) -> bool:
        """Whether a product over the symbols is less than half of the work of one over their places.

        Of V symbols, N places, vectors of I numbers and G results: `3·V·I·G + V·N·G` terms against `3·N·I·G`.
        """
        (symbols, size), places = self.table.shape, self.ids.numel()
        return 2 * symbols * (3 * size + places) < 3 * places * size


def embedded(vectors: Tensor, ids: Tensor, table: Tensor) -> Tensor:
    """The vectors `table[ids]`; where gradients are wanted they remember it."""
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
    """`W x + b` of `[..., I]`, as `functional.linear` has it."""
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
        to_table[PAD] = 0.0  # padding learns nothing, as in `nn.Embedding`
        return None, None, to_table, to_weight, to_bias


class _Probe(Function):
    """A node that leads to a leaf of its own, which nobody can ask the gradient of."""

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
    """Whether the gradient of the vectors may be asked for in this backward pass."""
    if ctx.lookup.retains_grad or ctx.lookup._backward_hooks:
        return True
    # `register_multi_grad_hook` of PyTorch asks the engine in the same way.
    full: bool = torch._C._will_engine_execute_node(ctx.probe)
    return not full
