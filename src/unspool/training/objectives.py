"""The losses of training."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from unspool.errors import Mistake
from unspool.nn.masks import mask_of
from unspool.training.scheduled_sampling import scheduled_inputs
from unspool.types import Seq2Seq, Sequences, Step


class Loss(NamedTuple):
    """The loss of a batch, summed over its target symbols (EOS included), so that losses of batches can be added.

    smoothed: the loss that is minimised, coverage loss included
    nll:      negative log-likelihood in nats without smoothing or gradient
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
    ratio: float = 1.0,
    *,
    drawn: bool = False,
    coverage: float = 0.0,
    class_weights: Tensor | None = None,
) -> Loss:
    """`-Σ_t log p(y_t | ŷ_<t, x)`. Each input ŷ is the true item with probability `ratio`, else the model's choice.

    ratio:    1 is teacher forcing, 0 is free running, in between is scheduled sampling
    drawn:    the model's choices are drawn from its distribution instead of being the best items
    coverage: the weight of the coverage loss; if it is above 0, a model without attention is a `Mistake`
    class_weights: the weight of each target id in what is minimised, `[V]`; None: all are 1
    """
    memory = model.encode(source)
    first, state = model.start(memory)
    inputs = torch.cat([first.unsqueeze(1), target.values[:, :-1]], 1)
    if ratio < 1:
        inputs = scheduled_inputs(model, source, inputs, ratio, drawn=drawn)
    step, _ = model.unroll(inputs, state, memory)
    real = mask_of(target.lengths, inputs.shape[1])
    smoothed, nll = model.head.loss(step, target.values, memory, smoothing)
    if class_weights is not None:
        smoothed = smoothed * class_weights[target.values]
    if coverage:
        smoothed = smoothed + coverage * coverage_loss(step)
    return Loss((smoothed * real).sum(), (nll * real).sum())


def coverage_loss(step: Step) -> Tensor:
    """`Σ_i min(a_ti, c_ti)` of each step `[B, T]`, where c is the sum of the weights of the steps before.

    See, Liu, Manning 2017: Get To The Point: Summarization with Pointer-Generator Networks. arXiv:1704.04368, eq. 12.
    """
    if not isinstance(step.attention, Tensor):
        what = "A coverage loss needs one attention over the source, and this model has none, or several."
        raise Mistake(what, "Leave training.coverage_loss at 0, or use a model such as luong.")
    before = step.attention.cumsum(1) - step.attention
    return torch.minimum(step.attention, before).sum(-1)
