"""Products with embedded symbols: where symbols are few, made once for each symbol and not at each of its places.

What a layer makes of the symbol y is `W E[y] + b`, a row of `E Wᵀ + b`. A batch of words holds thousands of letters and
an alphabet some thirty, so the rows are looked up. Backwards the gradients of one symbol are added up first, by a
product with what says which place holds which symbol, and W and E get theirs from the sums.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from unspool.nn.precision import narrowed
from unspool.types import PAD


class Embedded(Tensor):
    """Vectors `[..., I]` that know whose they are: `table[ids]`. Whatever is computed from them is a plain tensor."""

    ids: Tensor
    table: Tensor

    # As of PyTorch's own `Parameter`: results of operations are not of this class.
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    def few(self) -> bool:
        """Whether a product over the symbols is less than half of the work of one over their places.

        Of V symbols, N places, vectors of I numbers and G results: `3·V·I·G + V·N·G` terms against `3·N·I·G`.
        """
        (symbols, size), places = self.table.shape, self.ids.numel()
        return 2 * symbols * (3 * size + places) < 3 * places * size


def embedded(vectors: Tensor, ids: Tensor, table: Tensor) -> Tensor:
    """The vectors `table[ids]`; where gradients are wanted they remember it."""
    if not torch.is_grad_enabled():
        return vectors
    known = vectors.as_subclass(Embedded)
    known.ids, known.table = ids, table
    return known


def time_first(x: Tensor) -> Tensor:
    """`[B, T, I]` to `[T, B, I]`, not contiguous."""
    turned = x.transpose(0, 1)
    return embedded(turned, x.ids.t(), x.table) if isinstance(x, Embedded) else turned


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`W x + b` of `[..., I]`, as `functional.linear` has it."""
    if isinstance(x, Embedded) and x.few():
        parts = narrowed(x.table), narrowed(weight), None if bias is None else narrowed(bias)
        rows: Tensor = _Rows.apply(x.ids, *parts)  # type: ignore[no-untyped-call]
        return rows
    return functional.linear(narrowed(x).contiguous(), weight, bias)


class _Rows(Function):
    @staticmethod
    def forward(ctx: Any, ids: Tensor, table: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(ids, table, weight)
        return functional.embedding(ids, functional.linear(table, weight, bias))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        ids, table, weight = ctx.saved_tensors
        places = gradients[0].new_zeros(len(table), ids.numel())
        places.scatter_(0, ids.reshape(1, -1), 1.0)
        sums = places @ gradients[0].reshape(ids.numel(), -1)
        to_table = sums @ weight
        to_table[PAD] = 0.0  # padding learns nothing, as in `nn.Embedding`
        return None, to_table, sums.t() @ table, sums.sum(0) if ctx.needs_input_grad[3] else None
