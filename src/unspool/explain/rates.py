"""A learning rate range test as a picture: the loss against the learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspool.explain.pictures import new_figure, save
from unspool.types import Array


def picture(rates: Sequence[float], losses: Sequence[float], smoothed: Array, suggestion: float, path: Path) -> None:
    """Write a PNG: the loss of every update in nats a symbol, the mean of neighbours, and the suggested rate."""
    figure, axes = new_figure((7.0, 4.0))
    axes.semilogx(rates, losses, color="0.8", label="loss of each update")
    axes.semilogx(rates, smoothed, color="C0", label="mean of neighbours")
    axes.axvline(suggestion, color="C3", linestyle="--", label=f"falls fastest: {suggestion:g}")
    low, high = smoothed.min(), smoothed.max()
    axes.set_ylim(low - 0.05 * (high - low), high + 0.25 * (high - low))
    axes.set_xlabel("learning rate")
    axes.set_ylabel("nats a symbol")
    axes.legend()
    save(figure, path)
