"""The matrix products inside a computation: their number of operations, and their speed outside of it."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

# Batch, rows, length of the sums, columns.
Product = tuple[int, int, int, int]
REPEATS = 5


class Products(TorchDispatchMode):
    """Counts every matrix product, inside the recurrent kernels by formula, gradients included."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[Product] = Counter()

    @property
    def flops(self) -> float:
        """A multiplication and an addition for each term."""
        return sum(2.0 * b * m * k * n * count for (b, m, k, n), count in self.counts.items())

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        shapes = [tuple(part.shape) for part in args if isinstance(part, Tensor)]
        for product, count in products_of(function.overloadpacket.__name__, shapes).items():
            self.counts[product] += count
        return function(*args, **(kwargs or {}))


def products_of(name: str, shapes: list[tuple[int, ...]]) -> Counter[Product]:
    """The products of one operation of PyTorch, by its name and the shapes of its arguments."""
    match name:
        case "mm" | "mv":
            return Counter([_plain(shapes[0], shapes[1])])
        case "addmm" | "addmv" | "addmv_" | "addmm_":
            return Counter([_plain(shapes[1], shapes[2])])
        case "bmm":
            return Counter([_batched(shapes[0], shapes[1])])
        case "baddbmm" | "baddbmm_":
            return Counter([_batched(shapes[1], shapes[2])])
        case "mkldnn_rnn_layer":
            return recurrent(*shapes[:3])
        case "mkldnn_rnn_layer_backward":
            return recurrent(*shapes[:3], backward=True)
    return Counter()


def recurrent(
    x: tuple[int, ...], into: tuple[int, ...], again: tuple[int, ...], backward: bool = False
) -> Counter[Product]:
    """A kernel over T steps of B rows: input weights `into [G, I]` once, recurrent ones `again [G, D]` every step."""
    steps, rows, inputs = x
    gates, size = again
    if not backward:
        return Counter({(1, steps * rows, inputs, gates): 1, (1, rows, size, gates): steps})
    through = Counter({(1, steps * rows, gates, inputs): 1, (1, rows, gates, size): steps})
    weights = Counter([(1, gates, steps * rows, inputs), (1, gates, steps * rows, size)])
    return through + weights


def plain_seconds(counts: Counter[Product], dtype: torch.dtype) -> float:
    """The time of the same products, one after the other, with warm operands."""
    return sum(count * _seconds(product, dtype) for product, count in counts.items())


def _seconds(product: Product, dtype: torch.dtype) -> float:
    batch, rows, terms, columns = product
    left, right = torch.randn(batch, rows, terms).to(dtype), torch.randn(batch, terms, columns).to(dtype)
    if batch == 1:
        left, right = left[0], right[0]
    times = []
    for _ in range(REPEATS + 2):
        begun = time.perf_counter()
        _ = left @ right
        times.append(time.perf_counter() - begun)
    return sorted(times[2:])[REPEATS // 2]


def _plain(left: tuple[int, ...], right: tuple[int, ...]) -> Product:
    return (1, left[0], left[1], right[1] if len(right) > 1 else 1)


def _batched(left: tuple[int, ...], right: tuple[int, ...]) -> Product:
    return (left[0], left[1], left[2], right[2])
