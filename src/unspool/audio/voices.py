"""Two voices side by side: their cepstra, the steps of one that belong to the steps of the other, and a distance."""

from __future__ import annotations

import math

import numpy as np

from unspool.audio.library import librosa
from unspool.types import Array

# Coefficients that describe a voice; the first one, loudness, is left out.
COEFFICIENTS = 24
# Kubichek 1993: ten times the base-10 logarithm, of a power, over both sides of the spectrum.
DECIBELS = 10 * math.sqrt(2) / math.log(10)


def cepstra_of(frames: Array) -> Array:
    """The mel cepstrum `[S, 24]` of frames `[S, mels]`: the cosine transform of each, without the first coefficient."""
    bands = frames.shape[1]
    orders = np.arange(1, min(COEFFICIENTS, bands - 1) + 1)
    cosines = np.cos(np.pi / bands * np.outer(np.arange(bands) + 0.5, orders))
    cepstra: Array = frames.astype(np.float64) @ cosines * (2 / bands)
    return cepstra


def path_of_warping(one: Array, other: Array) -> tuple[Array, Array]:
    """The steps of two sequences `[S, F]` and `[T, F]` that belong together, both from the first to the last.

    Sakoe, Chiba 1978: the path with the least sum of Euclidean distances.
    """
    _, path = librosa().sequence.dtw(X=one.T, Y=other.T, metric="euclidean")
    first, second = path[::-1].T
    return first, second


def aligned(source: Array, target: Array) -> Array:
    """For each of the source's frames `[S, mels]` the target's that belongs to it, `[S, mels]`.

    Voices differ most in what stays the same all along, so cepstra are compared without their means and deviations.
    Where several of the target's frames belong to one, it is the middle one.
    """
    first, second = path_of_warping(_standardised(cepstra_of(source)), _standardised(cepstra_of(target)))
    begins = np.searchsorted(first, np.arange(len(source)), "left")
    ends = np.searchsorted(first, np.arange(len(source)), "right")
    chosen: Array = target[second[(begins + ends - 1) // 2]]
    return chosen


def mel_cepstral_distortion(one: Array, other: Array) -> float:
    """How far apart two utterances `[S, mels]` and `[T, mels]` sound, in decibels, after warping their time."""
    cepstra = cepstra_of(one), cepstra_of(other)
    first, second = path_of_warping(*cepstra)
    return DECIBELS * float(np.linalg.norm(cepstra[0][first] - cepstra[1][second], axis=1).mean())


def _standardised(cepstra: Array) -> Array:
    return (cepstra - cepstra.mean(0)) / np.maximum(cepstra.std(0), 1e-6)  # type: ignore[no-any-return]
