"""Graves's networks for ink in plain PyTorch, as a person would write them: the peers of `benchmarks.speed.ink`.

Layers above the first are `nn.LSTM`, in which no step waits for Python. With a window the first layer must be an
`nn.LSTMCell` in a loop.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class PlainDensity(nn.Module):
    """Equations 15 to 26, with a pen of three states."""

    def __init__(self, size: int, components: int) -> None:
        super().__init__()
        self.linear, self.components = nn.Linear(size, 3 + 6 * components), components

    def forward(self, hidden: Tensor, points: Tensor) -> Tensor:
        """The mean loss in nats a point."""
        parameters, count = self.linear(hidden).float(), self.components
        pen, weights, mx, my, sx, sy, rho = parameters.split([3, *[count] * 6], -1)
        sx, sy, rho = sx.exp(), sy.exp(), 0.999 * rho.tanh()
        x, y = (points[..., :1] - mx) / sx, (points[..., 1:2] - my) / sy
        rest = 1 - rho * rho
        parts = -(x * x + y * y - 2 * rho * x * y) / (2 * rest) - (2 * math.pi * sx * sy * rest.sqrt()).log()
        likelihood = torch.logsumexp(weights.log_softmax(-1) + parts, -1)
        return functional.cross_entropy(pen.flatten(0, 1), points[..., 2].long().flatten()) - likelihood.mean()


class PlainPrediction(nn.Module):
    """Layers with skip connections (1-3)."""

    def __init__(self, size: int, layers: int, components: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.LSTM(3 + size * (n > 0), size, batch_first=True) for n in range(layers))
        self.density = PlainDensity(size * layers, components)

    def forward(self, text: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss; a text is not read."""
        outputs: list[Tensor] = []
        for layer in self.layers:
            outputs.append(layer(torch.cat([inputs, *outputs[-1:]], -1))[0])
        return self.density(torch.cat(outputs, -1), targets)


class PlainSynthesis(nn.Module):
    """The same with a soft window over the text (46-53)."""

    def __init__(self, size: int, layers: int, components: int, symbols: int, embedding: int, window: int) -> None:
        super().__init__()
        self.embedding, self.window = nn.Embedding(symbols, embedding), nn.Linear(size, 3 * window)
        self.first = nn.LSTMCell(3 + embedding, size)
        above = (nn.LSTM(3 + size + embedding, size, batch_first=True) for _ in range(layers - 1))
        self.above = nn.ModuleList(above)
        self.density = PlainDensity(size * layers, components)
        nn.init.constant_(self.window.bias[2 * window :], -3.0)

    def forward(self, text: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of the ink of a text."""
        characters, rows = self.embedding(text), len(text)
        positions = torch.arange(1, text.shape[1] + 1).float()
        h, c = (inputs.new_zeros(rows, self.first.hidden_size) for _ in range(2))
        w, kappa = (
            characters.new_zeros(rows, characters.shape[-1]),
            inputs.new_zeros(rows, self.window.out_features // 3),
        )
        hidden, windows = [], []
        for x in inputs.unbind(1):
            h, c = self.first(torch.cat([x, w], -1), (h, c))
            alpha, beta, steps = self.window(h).float().exp().chunk(3, -1)
            kappa = kappa + steps
            distance = kappa.unsqueeze(-1) - positions
            phi = (alpha.unsqueeze(-1) * torch.exp(-beta.unsqueeze(-1) * distance**2)).sum(1, keepdim=True)
            w = (phi @ characters).squeeze(1)
            hidden.append(h)
            windows.append(w)
        outputs, seen = [torch.stack(hidden, 1)], torch.stack(windows, 1)
        for layer in self.above:
            outputs.append(layer(torch.cat([inputs, outputs[-1], seen], -1))[0])
        return self.density(torch.cat(outputs, -1), targets)
