"""Sound as frames `[S, mels]`, and frames as sound.

A frame is the natural logarithm of the amplitude in each band of the mel scale, as it is used for speech since Davis,
Mermelstein 1980. There is no phase in it; Griffin, Lim 1984 find one that fits, and the sound keeps a metallic touch.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from unspool.audio.library import librosa
from unspool.config.data import FrameSettings
from unspool.errors import Mistake
from unspool.types import Array

# The least amplitude, 100 dB below the loudest; its logarithm is about -11.5.
FLOOR = 1e-5
# Passes of Griffin and Lim's method; more are not heard.
PASSES = 60


class Sizes(NamedTuple):
    """Sizes in samples: of the Fourier transform, of the window inside it, and from a frame to the next."""

    transform: int
    window: int
    hop: int


def sizes_of(settings: FrameSettings) -> Sizes:
    """The transform is at least twice as long as the window, so that low bands have a frequency of their own."""
    window = max(2, round(settings.sample_rate * settings.window_ms / 1000))
    return Sizes(
        1 << (2 * window - 1).bit_length(), window, max(1, round(settings.sample_rate * settings.hop_ms / 1000))
    )


def frames_of(samples: Array, settings: FrameSettings) -> Array:
    """The frames `[S, mels]` float32 of samples `[n]`: one for each hop, and one more."""
    sizes = sizes_of(settings)
    if len(samples) < sizes.transform:
        samples = np.pad(samples, (0, sizes.transform - len(samples)))
    spectrum = librosa().stft(samples, n_fft=sizes.transform, hop_length=sizes.hop, win_length=sizes.window)
    bands = bands_of(settings) @ np.abs(spectrum)
    logarithms: Array = np.log(np.maximum(bands, FLOOR)).T.astype(np.float32)
    return logarithms


def sound_of(frames: Array, settings: FrameSettings) -> Array:
    """Samples `[n]` float32 whose frames are about these; the same ones every time."""
    library, sizes = librosa(), sizes_of(settings)
    # Of an amplitude above 1 in a band nothing is true; a model may still write it, and exp must not overflow.
    bands = np.exp(np.minimum(frames.T.astype(np.float64), 20.0)) * (np.log(FLOOR) + 1e-3 < frames.T)
    spectrum = np.maximum(np.linalg.pinv(bands_of(settings)) @ bands, 0.0)
    samples: Array = library.griffinlim(
        spectrum, n_iter=PASSES, n_fft=sizes.transform, hop_length=sizes.hop, win_length=sizes.window, random_state=1
    )
    return samples.astype(np.float32)


@lru_cache(maxsize=8)
def bands_of(settings: FrameSettings) -> Array:
    """The weights `[mels, frequencies]` of the bands; bands too narrow to hold a frequency are a `Mistake`."""
    rate, sizes = settings.sample_rate, sizes_of(settings)
    frequencies = sizes.transform // 2 + 1
    if settings.mels > frequencies // 2:
        raise _too_narrow(settings)
    weights: Array = librosa().filters.mel(sr=rate, n_fft=sizes.transform, n_mels=settings.mels)
    if not weights.max(1).all():
        raise _too_narrow(settings)
    return weights


def _too_narrow(settings: FrameSettings) -> Mistake:
    window = f"windows of {settings.window_ms:g} ms at {settings.sample_rate:,} Hz"
    return Mistake(f"data.mels={settings.mels} is too many for {window}.", "Use fewer, or a longer data.window_ms.")
