"""Recordings as samples: read from WAV and FLAC files of any width, rate and number of channels, and written as WAV."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from unspool.audio.library import soundfile
from unspool.errors import Mistake
from unspool.storage.atomic import replace
from unspool.types import Array

# The most samples of a recording, all channels together: about three hours of stereo at 16 kHz, 1.4 GB in memory.
MOST_SAMPLES = 360_000_000
# The least and the greatest rate of a recording, in Hz: a damaged header may claim any, and 1 Hz would fill memory.
RATES = (1000, 768_000)
# What a RIFF file says of its length if it was written to a pipe.
UNKNOWN_LENGTHS = (0, 0xFFFFFFFF)


def read_wav(path: Path, sample_rate: int) -> Array:
    """The samples `[n]` float32 of a recording, its channels averaged, at this rate in Hz.

    An empty, truncated, damaged or too long file is a `Mistake`.
    """
    library = soundfile(path)
    if not path.is_file():
        raise Mistake(f"There is no file {path}.", "Check the path.")
    if path.stat().st_size == 0:
        raise Mistake(f"{path} is empty.", "Record or copy it again.")
    _refuse_truncated(path)
    try:
        with library.SoundFile(path) as file:
            if not RATES[0] <= file.samplerate <= RATES[1]:
                what = f"{path} claims {file.samplerate:,} samples a second, and {RATES[0]:,} to {RATES[1]:,} are read."
                raise Mistake(what, "The file is damaged, or is no recording.")
            if file.frames * file.channels > MOST_SAMPLES:
                hours = file.frames / file.samplerate / 3600
                raise Mistake(
                    f"{path} is {hours:.1f} hours long, which is too much.", "Cut it into shorter recordings."
                )
            samples, rate = file.read(dtype="float32", always_2d=True), file.samplerate
    except (library.SoundFileError, TypeError) as error:
        reason = str(error).rpartition(": ")[2].rstrip(".")
        raise Mistake(f"{path} is not a recording that can be read: {reason}.", "Save it as WAV (PCM).") from None
    if not len(samples):
        raise Mistake(f"{path} holds no sound.", "Record it again, or leave it out.")
    if not np.isfinite(samples).all():
        raise Mistake(f"{path} holds samples that are not finite.", "Save it as WAV (16-bit PCM).")
    return resampled(samples.mean(1), rate, sample_rate)


def resampled(samples: Array, rate: int, wanted: int) -> Array:
    """Samples `[n]` at another rate."""
    if rate == wanted:
        return samples
    from unspool.audio.library import librosa

    changed: Array = librosa().resample(samples, orig_sr=rate, target_sr=wanted)
    return changed


def write_wav(path: Path, samples: Array, sample_rate: int) -> None:
    """Write samples `[n]` in -1 to 1 as 16-bit WAV, whole or not at all; louder ones are made quieter together."""
    loudest = float(np.abs(samples).max(initial=0.0))
    content = io.BytesIO()
    soundfile(path).write(content, samples / max(1.0, loudest), sample_rate, format="WAV", subtype="PCM_16")
    replace(path, content.getvalue())


def _refuse_truncated(path: Path) -> None:
    """A RIFF file says how long it is; the library reads a shorter one without a word."""
    with path.open("rb") as file:
        head = file.read(12)
    claimed = int.from_bytes(head[4:8], "little")
    is_wav = head[:4] == b"RIFF" and head[8:] == b"WAVE"
    if is_wav and claimed not in UNKNOWN_LENGTHS and claimed + 8 > path.stat().st_size + 1:  # a last byte of padding
        what = f"{path} is truncated: it says that it has {claimed + 8:,} bytes, and there are {path.stat().st_size:,}."
        raise Mistake(what, "Copy or record it again.")
