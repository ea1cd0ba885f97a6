"""The parts of a network, in the order of their first use: the shape of each output and the number of parameters.

Shapes are found by running the network on a random batch and recording what each part returns. The sizes of the batch
are primes that no setting has, so a 19 in a shape is B and nothing else. Letters are those of `types.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from unspool.fields.examples import example_source
from unspool.kernels.switch import plain_kernels
from unspool.nn.dropout import Dropout
from unspool.nn.stepper import to_torch
from unspool.types import DensityHead, Dimensions, Sentences, Seq2Seq, SymbolHead, Tree

B, N, S, T, W = 19, 23, 29, 31, 37
LETTERS = {B: "B", N: "N", S: "S", T: "T", W: "W", B * N: "B·N", B * S: "B·S", B * T: "B·T"}
# The methods by which a part is used, the most informative first: over a whole sequence, or step by step.
METHODS = (
    "forward",
    "unroll",
    "unroll_backward",
    "unroll_above",
    "top_k",
    "density_parameters",
    "after",
    "step",
    "equations",
)
ALL = 10**9


@dataclass(frozen=True)
class NetworkPart:
    """A part with its name in the network, or `times` equal parts; `shape` is empty if it is not known."""

    name: str
    kind: str
    shape: tuple[str, ...]
    parameters: int
    times: int = 1
    parts: list[NetworkPart] = field(default_factory=list)


def parts_of(model: Seq2Seq, dimensions: Dimensions, steps: Callable[[int, int], int]) -> list[NetworkPart]:
    """The parts of a network. The network keeps the recording methods, so it must not be used afterwards.

    steps: from the length of a source, and the length of a free answer, to the number of steps of an answer
    """
    assert isinstance(model, nn.Module)
    recorder = _Recorder(model)
    model.eval()
    with torch.no_grad(), plain_kernels():
        _run(model, dimensions, steps)
    return list(recorder.parts_below(model))


def _run(model: Seq2Seq, dimensions: Dimensions, steps: Callable[[int, int], int]) -> None:
    """Encode a source, decode known inputs, and choose a next item."""
    nested = isinstance(dimensions.source, Sentences)
    source = example_source(dimensions, [N * W if nested else S] * B, np.random.default_rng(0), W)
    memory = model.encode(to_torch(source, torch.device("cpu")))
    first, state = model.start(memory)
    inputs = first.unsqueeze(1).expand(-1, steps(S, T), *first.shape[1:])
    step, _ = model.unroll(inputs, state, memory)
    if isinstance(model.head, SymbolHead):
        model.head.top_k(step, ALL, memory)
    elif isinstance(model.head, DensityHead):
        model.head.density_parameters(step, memory)


class _Recorder:
    """Records the shapes that the parts of a model return, and the order of their first use."""

    def __init__(self, model: nn.Module) -> None:
        self.shapes: dict[nn.Module, dict[str, tuple[str, ...]]] = {}
        self.order: dict[nn.Module, int] = {}
        for part in model.modules():
            for name in METHODS:
                if not _idle(part) and hasattr(part, name):
                    setattr(part, name, self._recorded(part, name, getattr(part, name)))

    def _recorded(self, part: nn.Module, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def recorded(*arguments: Any, **named: Any) -> Any:
            self.order.setdefault(part, len(self.order))
            output = method(*arguments, **named)
            self.shapes.setdefault(part, {}).setdefault(name, _shape(output))
            return output

        return recorded

    def parts_below(self, module: nn.Module) -> Iterator[NetworkPart]:
        """The parts of a part; equal neighbours in a list become one. Nothing if only PyTorch's own parts are left.

        A part of the model itself is shown even if it is PyTorch's. A part without parameters and without output is
        left out.
        """
        inner = sorted(_named(module), key=lambda named: self._first_use(named[2]))
        if module in self.order and not any(_ours(part) for *_, part in inner):
            return
        parts = [(stem, self._part(stem + place, part)) for stem, place, part in inner]
        parts = [(stem, part) for stem, part in parts if part.parameters or part.shape]
        for _, equal in groupby(parts, key=lambda one: (one[0], one[1].kind, one[1].shape, one[1].parameters)):
            (stem, first), *others = equal
            last = others[-1][1].name.removeprefix(stem) if others else ""
            name = f"{first.name} to{last}" if others else first.name
            yield NetworkPart(name, first.kind, first.shape, first.parameters, 1 + len(others), first.parts)

    def _part(self, name: str, part: nn.Module) -> NetworkPart:
        shapes = self.shapes.get(part, {})
        shape = next((shapes[method] for method in METHODS if method in shapes), ())
        parameters = sum(parameter.numel() for parameter in part.parameters())
        return NetworkPart(name, type(part).__name__, shape, parameters, parts=list(self.parts_below(part)))

    def _first_use(self, part: nn.Module) -> int:
        """When a part was first used, or one inside it if it is never used as a whole."""
        inside = (self.order[one] for one in part.modules() if one in self.order)
        return self.order[part] if part in self.order else min(inside, default=len(self.order))


def _named(module: nn.Module) -> Iterator[tuple[str, str, nn.Module]]:
    """Parts by name; those of a list have the list's name and a number from 1."""
    for name, part in module.named_children():
        if isinstance(part, nn.ModuleList):
            yield from ((name, f" {place}", one) for place, one in enumerate(part, 1) if not _idle(one))
        elif not _idle(part):
            yield name, "", part


def _idle(part: nn.Module) -> bool:
    return isinstance(part, Dropout | nn.Identity)


def _ours(part: nn.Module) -> bool:
    return type(part).__module__.startswith("unspool.")


def _shape(output: Tree) -> tuple[str, ...]:
    """The shape of the first array of an output, with letters."""
    while isinstance(output, tuple):
        output = output[0]
    return tuple(LETTERS.get(size, str(size)) for size in output.shape) if isinstance(output, Tensor) else ()
