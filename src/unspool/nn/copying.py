"""Copying: symbols of the source, known or unknown, can be copied to the target.

See, Liu, Manning 2017: Get To The Point: Summarization with Pointer-Generator Networks. arXiv:1704.04368, section 2.2:

    p_gen = σ(w h̃ + b)                                          (8), the probability of generating
    P(w) = p_gen P_vocab(w) + (1 - p_gen) Σ_{i: x_i = w} a_i     (9), copying uses the attention weights

The paper's p_gen reads context, state and input; here it reads the input of the output layer, which is computed from
them. Unknown symbols of a source have the ids V, V+1, … within the example (`Sequences.copies`), so P is over C + S
classes. Weights that a window has scaled are normalised again, so that P adds up to 1. For an empty source, p_gen is 1.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.kernels.precision import at_least_float
from unspool.nn.embedding import folded
from unspool.nn.encoders import AttentionMemory
from unspool.nn.heads import CategoricalHead, choose_symbol
from unspool.nn.parameters import linear
from unspool.types import FIRST_EMITTED, Distribution, Step


class CopyingHead(nn.Module):
    """A head that generates and copies. The memory must have `copies`, and the step must have attention weights."""

    distribution: Distribution | None = None

    def __init__(self, generator: CategoricalHead, size: int) -> None:
        super().__init__()
        self.generator = generator
        self.gate = linear(size, 1)
        self.symbols = generator.symbols

    def loss(
        self, step: Step, targets: Tensor, memory: AttentionMemory, smoothing: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """`-log P` of each target; with smoothing, P_vocab is that of the smoothed cross-entropy.

        A target that can be neither generated nor copied has a large constant loss.
        """
        generated, copied = self._shares(step, memory)
        # The copying part is not smoothed, so one pass over the output layer is enough.
        smoothed, nll = self.generator.loss(step, folded(targets, self.symbols), memory, smoothing)
        mass = _mass(copied, targets, memory).clamp(min=torch.finfo(copied.dtype).tiny)
        exact = self._mixed(generated, nll, mass, targets)
        return -self._mixed(generated, smoothed, mass, targets), -exact.detach()

    def log_prob(self, step: Step, targets: Tensor, memory: AttentionMemory) -> Tensor:
        """Log-probability of each target; -inf for ids from V on that are not in the source."""
        generated, copied = self._shares(step, memory)
        losses = -self.generator.log_prob(step, folded(targets, self.symbols), memory)
        return self._mixed(generated, losses, _mass(copied, targets, memory), targets)

    def top_k(self, step: Step, k: int, memory: AttentionMemory) -> tuple[Tensor, Tensor]:
        """The k best symbols, best first, ids from V on included, or all symbols if there are fewer."""
        log_probs = self.log_probs(step, memory)
        best, classes = log_probs.topk(min(k, log_probs.shape[-1]), -1)
        return classes + FIRST_EMITTED, best

    def choose(self, step: Step, memory: AttentionMemory, *, drawn: bool) -> Tensor:
        """See `choose_symbol`."""
        return choose_symbol(self, step, memory, drawn=drawn)

    def log_probs(self, step: Step, memory: AttentionMemory) -> Tensor:
        """Log-probability of every class, `[R, C + S]`; -inf for ids from V on that the source does not have."""
        assert memory.copies is not None
        generated, copied = self._shares(step, memory)
        known = self.generator.log_probs(step, memory).view(*generated.shape, -1) + generated.unsqueeze(-1)
        classes = (memory.copies - FIRST_EMITTED).clamp(min=0).unsqueeze(1).expand(-1, copied.shape[1], -1)
        together = functional.pad(known.exp(), (0, copied.shape[-1])).scatter_add(-1, classes, copied)
        return together.view(*step.output.shape[:-1], together.shape[-1]).log()

    def _shares(self, step: Step, memory: AttentionMemory) -> tuple[Tensor, Tensor]:
        """log p_gen `[B, Q]`, and the probability of copying each position `[B, Q, S]`; Q is time or the beam."""
        memories, positions = memory.mask.shape
        attention = at_least_float(step.attention).reshape(memories, -1, positions)
        gate = at_least_float(self.gate(step.output)).reshape(memories, -1)
        total = attention.sum(-1)
        something = total > 0
        # A softmax of two is also exact for small values; the sigmoids of runtimes are rounded near 0.
        generated, copying = torch.log_softmax(torch.stack([gate, torch.zeros_like(gate)]), 0)
        copied = (copying.exp() / total.where(something, 1)).unsqueeze(-1) * attention
        return generated.where(something, 0), copied

    def _mixed(self, generated: Tensor, losses: Tensor, mass: Tensor, targets: Tensor) -> Tensor:
        """log P of each target, from `-log P_vocab` and the probability of copying it."""
        known = generated.view(targets.shape) - losses
        return torch.logaddexp(known.where(targets < self.symbols, -torch.inf), mass.log())


def _mass(copied: Tensor, targets: Tensor, memory: AttentionMemory) -> Tensor:
    """`Σ_{i: x_i = w} (1 - p_gen) a_i` of each target w; shaped as `targets`."""
    assert memory.copies is not None
    wanted = targets.reshape(*copied.shape[:2], 1)
    return (copied * (memory.copies.unsqueeze(1) == wanted)).sum(-1).view(targets.shape)
