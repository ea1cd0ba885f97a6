"""The parts of a network: what each gives and how many parameters it has, in the order in which they are first used.

Shapes are not written down anywhere: a made-up batch goes through the network, and what each part gives is looked at.
Its sizes are primes that no setting has, so that a 19 in a shape is B and nothing else; letters as in `types.py`.
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
# How a part is used, the most telling way first: over a whole sequence, or step by step.
WAYS = (
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
    """A part by its name in the network, `times` of them alike; `shape` is empty where nothing tells it."""

    name: str
    kind: str
    shape: tuple[str, ...]
    parameters: int
    times: int = 1
    parts: list[NetworkPart] = field(default_factory=list)


def parts_of(model: Seq2Seq, dimensions: Dimensions, steps: Callable[[int, int], int]) -> list[NetworkPart]:
    """What a network is made of; it is listened to from then on, so give it away afterwards.

    steps: how many steps an answer takes to a source of this length, where a free one takes so many
    """
    assert isinstance(model, nn.Module)
    heard = _Heard(model)
    model.eval()
    with torch.no_grad(), plain_kernels():
        _run(model, dimensions, steps)
    return list(heard.below(model))


def _run(model: Seq2Seq, dimensions: Dimensions, steps: Callable[[int, int], int]) -> None:
    """Read, write what is known, and ask for all that could be written."""
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


class _Heard:
    """What the parts of a model say as it is used."""

    def __init__(self, model: nn.Module) -> None:
        self.shapes: dict[nn.Module, dict[str, tuple[str, ...]]] = {}
        self.order: dict[nn.Module, int] = {}
        for part in model.modules():
            for way in WAYS:
                if not _idle(part) and hasattr(part, way):
                    setattr(part, way, self._listening(part, way, getattr(part, way)))

    def _listening(self, part: nn.Module, way: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def told(*arguments: Any, **named: Any) -> Any:
            self.order.setdefault(part, len(self.order))
            answer = method(*arguments, **named)
            self.shapes.setdefault(part, {}).setdefault(way, _shape(answer))
            return answer

        return told

    def below(self, module: nn.Module) -> Iterator[NetworkPart]:
        """The parts of a part, neighbours in a list that are alike as one; nothing where only the library's are left.

        Of those of the library, a part of the model itself is shown. Left out is what has no parameters and gives
        nothing.
        """
        inner = sorted(_named(module), key=lambda named: self._begun(named[2]))
        if module in self.order and not any(_ours(part) for *_, part in inner):
            return
        told = [(stem, self._part(stem + place, part)) for stem, place, part in inner]
        told = [(stem, part) for stem, part in told if part.parameters or part.shape]
        for _, alike in groupby(told, key=lambda one: (one[0], one[1].kind, one[1].shape, one[1].parameters)):
            (stem, first), *others = alike
            last = others[-1][1].name.removeprefix(stem) if others else ""
            name = f"{first.name} to{last}" if others else first.name
            yield NetworkPart(name, first.kind, first.shape, first.parameters, 1 + len(others), first.parts)

    def _part(self, name: str, part: nn.Module) -> NetworkPart:
        shapes = self.shapes.get(part, {})
        shape = next((shapes[way] for way in WAYS if way in shapes), ())
        parameters = sum(parameter.numel() for parameter in part.parameters())
        return NetworkPart(name, type(part).__name__, shape, parameters, parts=list(self.below(part)))

    def _begun(self, part: nn.Module) -> int:
        """When a part was first used, or one inside it where it is never used as a whole."""
        inside = (self.order[one] for one in part.modules() if one in self.order)
        return self.order[part] if part in self.order else min(inside, default=len(self.order))


def _named(module: nn.Module) -> Iterator[tuple[str, str, nn.Module]]:
    """Parts by name; those of a list have its name and are counted from 1."""
    for name, part in module.named_children():
        if isinstance(part, nn.ModuleList):
            yield from ((name, f" {place}", one) for place, one in enumerate(part, 1) if not _idle(one))
        elif not _idle(part):
            yield name, "", part


def _idle(part: nn.Module) -> bool:
    return isinstance(part, Dropout | nn.Identity)


def _ours(part: nn.Module) -> bool:
    return type(part).__module__.startswith("unspool.")


def _shape(answer: Tree) -> tuple[str, ...]:
    """Of the first array of an answer, with letters."""
    while isinstance(answer, tuple):
        answer = answer[0]
    return tuple(LETTERS.get(size, str(size)) for size in answer.shape) if isinstance(answer, Tensor) else ()
