"""A tiny model that reads real values and writes real values."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from unspool.nn.gaussian_head import GaussianHead
from unspool.nn.masks import mask_of
from unspool.types import Array, Dimensions, Sequences, Step, Values
from worlds import enlarged

READ, WRITTEN, SIZE = 3, 2, 5
DIMENSIONS = Dimensions(Values(READ), Values(WRITTEN))


class Summary(NamedTuple):
    summary: Tensor


class Drifting(nn.Module):
    """`h_t = tanh(V x̄ + W y_{t-1} + U h_{t-1})`, x̄ being the mean of the source; the first y is 0.

    stops: it is done when a state's first component is positive
    """

    def __init__(self, *, stops: bool = False) -> None:
        super().__init__()
        self.source, self.input = nn.Linear(READ, SIZE), nn.Linear(WRITTEN, SIZE)
        self.hidden, self.head = nn.Linear(SIZE, SIZE), GaussianHead(SIZE, WRITTEN)
        self.stops = stops

    def encode(self, source: Sequences[Tensor]) -> Summary:
        real = mask_of(source.lengths, source.values.shape[1]).unsqueeze(-1)
        return Summary(self.source((source.values * real).sum(1) / source.lengths.clamp(min=1).unsqueeze(-1)))

    def start(self, memory: Summary) -> tuple[Tensor, Tensor]:
        return memory.summary.new_zeros(memory.summary.shape[0], WRITTEN), torch.tanh(memory.summary)

    def step(self, last: Tensor, state: Tensor, memory: Summary) -> tuple[Step, Tensor]:
        gates = (self.input(last) + self.hidden(state)).view(memory.summary.shape[0], -1, SIZE)
        h = torch.tanh(gates + memory.summary.unsqueeze(1)).flatten(0, 1)
        return Step(h, done=h[:, 0] > 0 if self.stops else None), h

    def unroll(self, inputs: Tensor, state: Tensor, memory: Summary) -> tuple[Step, Tensor]:
        steps = []
        for item in inputs.unbind(1):
            step, state = self.step(item, state, memory)
            steps.append(step.output)
        return Step(torch.stack(steps, 1)), state


def drifting(**how: bool) -> Any:
    """The model with weights so large that a mistake shows."""
    return enlarged(Drifting(**how)).eval()


def sources(*lengths: int) -> list[Array]:
    return [np.random.default_rng(length).normal(size=(length, READ)).astype(np.float32) for length in lengths]
