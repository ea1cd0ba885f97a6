"""What training minimises."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from unspool.nn.masks import mask_of
from unspool.types import Seq2Seq, Sequences


class Loss(NamedTuple):
    """A batch's loss, summed over its target symbols (EOS counted), so that batches of any shape add up.

    smoothed: what is minimised; nll: negative log-likelihood in nats without smoothing or gradient.
    """

    smoothed: Tensor
    nll: Tensor


def teacher_forcing(model: Seq2Seq, source: Sequences[Tensor], target: Sequences[Tensor], smoothing: float) -> Loss:
    """Every step is fed the true item before it: `-Σ_t log p(y_t | y_<t, x)`."""
    memory = model.encode(source)
    first, state = model.start(memory)
    inputs = torch.cat([first.unsqueeze(1), target.values[:, :-1]], 1)
    step, _ = model.unroll(inputs, state, memory)
    real = mask_of(target.lengths, inputs.shape[1])
    smoothed = model.head.loss(step, target.values, memory, smoothing)
    with torch.no_grad():
        nll = smoothed if not smoothing else -model.head.log_prob(step, target.values, memory)
    return Loss((smoothed * real).sum(), (nll * real).sum().detach())
