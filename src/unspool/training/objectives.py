"""What training minimises."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from unspool.nn.masks import mask_of
from unspool.training.scheduled_sampling import fed
from unspool.types import Seq2Seq, Sequences


class Loss(NamedTuple):
    """A batch's loss, summed over its target symbols (EOS counted), so that batches of any shape add up.

    smoothed: what is minimised; nll: negative log-likelihood in nats without smoothing or gradient.
    """

    smoothed: Tensor
    nll: Tensor


def teacher_forcing(model: Seq2Seq, source: Sequences[Tensor], target: Sequences[Tensor], smoothing: float) -> Loss:
    """Every step is fed the true item before it: `-Σ_t log p(y_t | y_<t, x)`."""
    return likelihood(model, source, target, smoothing)


def likelihood(
    model: Seq2Seq,
    source: Sequences[Tensor],
    target: Sequences[Tensor],
    smoothing: float,
    share: float = 1.0,
    *,
    drawn: bool = False,
) -> Loss:
    """`-Σ_t log p(y_t | ŷ_<t, x)`, each fed item ŷ being the true one with probability `share`, else the model's own.

    share 1: teacher forcing; 0: the model runs free; in between: scheduled sampling
    drawn:   a choice of the model's own is drawn from its distribution instead of being the best
    """
    memory = model.encode(source)
    first, state = model.start(memory)
    inputs = torch.cat([first.unsqueeze(1), target.values[:, :-1]], 1)
    if share < 1:
        inputs = fed(model, inputs, state, memory, share, drawn=drawn)
    step, _ = model.unroll(inputs, state, memory)
    real = mask_of(target.lengths, inputs.shape[1])
    smoothed, nll = model.head.loss(step, target.values, memory, smoothing)
    return Loss((smoothed * real).sum(), (nll * real).sum())
