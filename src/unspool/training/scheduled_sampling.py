"""What a decoder is fed while it learns: the truth, its own choices, or now one and now the other.

Bengio, Vinyals, Jaitly, Shazeer 2015: Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks.
arXiv:1506.03099. A coin for each token says whether the decoder is fed the true item or what it would have written
itself. The truth comes up with probability ε_i at update i, which falls by one of three formulas (section 2.4):

    linear             ε_i = max(ε, k - c·i)
    exponential        ε_i = k^i
    inverse sigmoid    ε_i = k / (k + exp(i / k))

No gradient flows through a choice. So the choices can be found first, by stepping without gradients, and then what was
fed is known in advance and `unroll` learns from it at its full speed: the law of `unroll` says that this is the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn

from unspool.config import TrainingConfig
from unspool.types import FIRST_EMITTED, Memory, Seq2Seq, State, Step, SymbolHead

# exp(x) is finite in a double up to here; beyond, the inverse sigmoid is 0 for all purposes.
LARGEST_EXPONENT = 700.0
# k where nobody says: over 2,000 updates, the fewest that a run without limits makes, each falls to a half or less.
CONSTANTS = {"linear": 1.0, "exponential": 0.999, "inverse_sigmoid": 300.0}


def truth_share(config: TrainingConfig, update: int) -> float:
    """How likely the truth is fed, 0 to 1, at an update counted from 0; `teacher_until` updates see nothing else."""
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
def fed(model: Seq2Seq, inputs: Tensor, state: State, memory: Memory, share: float, *, drawn: bool = False) -> Tensor:
    """What the decoder is fed, `[B, T]`: each of the true `inputs` behind the first with probability `share`.

    Elsewhere the model's own choice from what it was fed so far, the best item or one `drawn` from its distribution.
    Choices are made as in use, without dropout. A row that writes its EOS early goes on behind it.
    """
    true = torch.rand(inputs.shape, device=inputs.device) < share
    chosen = (~true).any(0).tolist()
    items = list(inputs.unbind(1))
    with in_use(model):
        for t in range(1, len(items)):
            step, state = model.step(items[t - 1], state, memory)
            if chosen[t]:
                items[t] = torch.where(true[:, t], items[t], choice(model, step, memory, drawn=drawn))
    return torch.stack(items, 1)


def choice(model: Seq2Seq, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
    """The item that each row would write, `[R]`."""
    head = cast(SymbolHead, model.head)
    if drawn:
        probabilities = head.log_probs(step, memory).exp()
        return torch.multinomial(probabilities, 1).squeeze(1) + FIRST_EMITTED
    items, _ = head.top_k(step, 1, memory)
    return items.squeeze(1)


@contextmanager
def in_use(model: Seq2Seq) -> Iterator[None]:
    """For a while the model behaves as it does when it is not training."""
    assert isinstance(model, nn.Module)
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
