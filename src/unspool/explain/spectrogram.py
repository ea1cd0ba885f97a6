"""Frames of sound as a picture: time to the right, frequency upwards, loud is bright."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from unspool.explain.pictures import new_figure, save
from unspool.types import Array

# Natural logarithms of amplitude between the darkest and the brightest colour; about 70 dB.
RANGE = 8.0


def spectrograms(frames: Mapping[str, Array], hop_ms: float, path: Path) -> list[str]:
    """Write a PNG with one spectrogram `[S, mels]` below the other, by their titles; messages as of `save`."""
    figure, first = new_figure((7.0, 2.2 * len(frames)))
    first.remove()
    loudest = max(float(each.max()) for each in frames.values())
    longest = max(map(len, frames.values()))
    for place, (title, each) in enumerate(frames.items(), 1):
        axes = figure.add_subplot(len(frames), 1, place)
        axes.imshow(
            each.T, origin="lower", aspect="auto", cmap="magma", vmin=loudest - RANGE, vmax=loudest,
            extent=(0.0, len(each) * hop_ms / 1000, 0.0, float(each.shape[1])),
        )  # fmt: skip
        axes.set_facecolor("black")  # after the end of a shorter one
        axes.set_xlim(0.0, longest * hop_ms / 1000)
        axes.set_title(title)
        axes.set_ylabel("mel band")
    axes.set_xlabel("seconds")
    return save(figure, path)
