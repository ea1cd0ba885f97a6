"""The decoder's inputs in training: the true items, the model's own choices, or a mixture of both.

Bengio, Vinyals, Jaitly, Shazeer 2015: Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks.
arXiv:1506.03099. For each token a random number decides whether the decoder is fed the true item or its own choice.
The true item has probability ε_i at update i, which falls by one of three formulas (section 2.4):

    linear             ε_i = max(ε, k - c·i)
    exponential        ε_i = k^i
    inverse sigmoid    ε_i = k / (k + exp(i / k))

No gradient flows through a choice. So the choices are computed first, step by step and without gradients. Then all
inputs are known, and `unroll` trains on them at full speed. The results are the same, because `unroll` equals steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from unspool.config import TrainingConfig
from unspool.types import Seq2Seq, Sequences

# exp(x) is finite in a double up to here; after that, the inverse sigmoid is practically 0.
LARGEST_EXPONENT = 700.0
# The defaults of k: over 2,000 updates, the fewest of a run without limits, each probability falls to a half or less.
CONSTANTS = {"linear": 1.0, "exponential": 0.999, "inverse_sigmoid": 300.0}


def teacher_forcing_ratio(config: TrainingConfig, update: int) -> float:
    """The probability of a true item, 0 to 1, at an update counted from 0; 1 for the first `teacher_until` updates."""
    since = update - config.teacher_until
    if config.feeding == "teacher" or since < 0:
        return 1.0
    return 0.0 if config.feeding == "free" else decayed(config, since)


def decayed(config: TrainingConfig, i: int) -> float:
    """ε_i by the formulas above."""
    k = config.decay_constant or CONSTANTS[config.decay]
    match config.decay:
        case "linear":
            return min(1.0, max(config.decay_least, k - config.decay_slope * i))
        case "exponential":
            return k**i
        case "inverse_sigmoid":
            return k / (k + math.exp(min(i / k, LARGEST_EXPONENT)))


@torch.no_grad()
def scheduled_inputs(
    model: Seq2Seq, source: Sequences[Tensor], inputs: Tensor, ratio: float, *, drawn: bool = False
) -> Tensor:
    """The decoder's inputs `[B, T]`: each of the true `inputs` after the first with probability `ratio`.

    The others are the model's own choices after its inputs so far: the best item, or one `drawn` from its distribution.
    Choices are made as in prediction: without dropout, in the encoder too, which therefore reads the source once more.
    A row continues after an early EOS.
    """
    true = torch.rand(inputs.shape[:2], device=inputs.device) < ratio
    chosen = (~true).any(0).tolist()
    items = list(inputs.unbind(1))
    with predicting(model):
        with torch.autocast(inputs.device.type, enabled=False):  # PyTorch's LSTM needs hardware for bfloat16
            memory = model.encode(source)
        _, state = model.start(memory)
        for t in range(1, len(items)):
            step, state = model.step(items[t - 1], state, memory)
            if chosen[t]:
                own = model.head.choose(step, memory, drawn=drawn)
                items[t] = torch.where(true[:, t].view(-1, *(1,) * (own.dim() - 1)), items[t], own)
    return torch.stack(items, 1)


@contextmanager
def predicting(model: Seq2Seq) -> Iterator[None]:
    """In this context, the model is in evaluation mode."""
    assert isinstance(model, nn.Module)
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
