"""The gradients of a batch, computed by a team of threads, each on its own part of the batch."""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from unspool.config import TrainingConfig
from unspool.training.team import Team
from unspool.types import Array, Batch, Seq2Seq, Sequences

# With fewer rows in a part, products are so small that two threads gain nothing.
LEAST_ROWS = 64
# With more parameters, what each part does with all of them (gradients, copies in bfloat16) costs more than waiting.
MOST_PARAMETERS = 3_000_000


class Share(NamedTuple):
    """A part of a batch, the model that is trained on it, and its source of randomness; None: the run's."""

    batch: Batch
    model: Seq2Seq
    generator: torch.Generator | None


class Replicas:
    """Models with the same parameters in memory, but with their own gradients: one for each thread of a team."""

    def __init__(self, model: Seq2Seq, team: Team) -> None:
        self.models: list[Seq2Seq] = [model, *(_replica(model) for _ in range(team.size - 1))]

    def parts(self, batch: Batch) -> list[Share]:
        """The batch in equal parts, one for each model, or for fewer if it has few rows."""
        rows = len(batch.index)
        count = min(len(self.models), max(1, rows // LEAST_ROWS))
        if count == 1:
            return [Share(batch, self.models[0], None)]
        generators = [torch.Generator().manual_seed(seed) for seed in torch.randint(2**62, (count,)).tolist()]
        pieces = np.array_split(np.arange(rows), count)
        return [
            Share(_rows(batch, piece), model, generator)
            for piece, model, generator in zip(pieces, self.models, generators, strict=False)
        ]

    @torch.no_grad()
    def gather(self, parts: list[Share]) -> None:
        """Add the gradients of the other models to those of the first, in a fixed order, and remove them."""
        for part in parts[1:]:
            pairs = list(zip(_parameters(self.models[0]), _parameters(part.model), strict=True))
            for mine, other in pairs:
                if mine.grad is None:
                    mine.grad, other.grad = other.grad, None
            both = [
                (mine.grad, other.grad) for mine, other in pairs if mine.grad is not None and other.grad is not None
            ]
            if both:
                sums, added = zip(*both, strict=True)
                torch._foreach_add_(sums, added)
            for _, other in pairs:
                other.grad = None


def team_size(config: TrainingConfig, model: nn.Module, device: torch.device) -> int:
    """How many threads share a batch: all of them for a small network on a processor.

    Only with teacher forcing, since the choices of scheduled sampling draw from PyTorch's own random state.
    """
    small = sum(parameter.numel() for parameter in model.parameters()) <= MOST_PARAMETERS
    return torch.get_num_threads() if small and device.type == "cpu" and config.feeding == "teacher" else 1


def _replica(model: Seq2Seq) -> Seq2Seq:
    twin = copy.deepcopy(model)
    for mine, other in zip(_parameters(model), _parameters(twin), strict=True):
        other.data = mine.data
    return twin


def _parameters(model: Seq2Seq) -> list[nn.Parameter]:
    assert isinstance(model, nn.Module)
    return list(model.parameters())


def _rows(batch: Batch, rows: Array) -> Batch:
    """These rows of a batch."""

    def of(side: Sequences[Array]) -> Sequences[Array]:
        inner, copies = (None if part is None else part[rows] for part in (side.inner, side.copies))
        return Sequences(side.values[rows], side.lengths[rows], inner, copies)

    return Batch(of(batch.source), of(batch.target) if batch.target else None, batch.index[rows])
