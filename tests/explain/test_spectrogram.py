"""Spectrograms below each other, on one scale of time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from unspool.explain.spectrogram import spectrograms


def test_spectrograms_of_unlike_lengths_are_one_picture(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    frames = {"one": draw.normal(size=(30, 8)), "other": draw.normal(size=(20, 8)), "a step": draw.normal(size=(1, 8))}
    assert spectrograms(frames, 10.0, tmp_path / "a.png") == []
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
