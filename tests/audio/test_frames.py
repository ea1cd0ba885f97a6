"""Frames of sound and their way back; voices beside each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from unspool.audio.frames import FLOOR, bands_of, frames_of, sound_of
from unspool.audio.voices import aligned, cepstra_of, mel_cepstral_distortion
from unspool.audio.wav import write_wav
from unspool.config.data import FrameSettings
from unspool.data.arrays import held_in, read_arrays
from unspool.data.reading import Reading
from unspool.data.sequences import Held
from unspool.errors import Mistake

SMALL = FrameSettings(8000, 24, 25.0, 10.0)


def tones(*pitches: float, seconds: float = 0.3) -> np.ndarray:
    time = np.arange(round(8000 * seconds)) / 8000
    return np.concatenate([0.5 * np.sin(2 * np.pi * pitch * time) for pitch in pitches]).astype(np.float32)


def test_a_tone_is_loud_in_its_band_and_there_is_a_frame_for_each_hop() -> None:
    frames = frames_of(tones(1000), SMALL)
    centres = bands_of(SMALL).argmax(1) * 8000 / 512
    assert frames.shape == (31, 24) and frames.dtype == np.float32
    assert abs(centres[frames[15].argmax()] - 1000) < 80


def test_silence_and_a_very_short_sound_have_finite_frames() -> None:
    assert np.allclose(frames_of(np.zeros(800, np.float32), SMALL), np.log(FLOOR))
    assert np.isfinite(frames_of(tones(500)[:3], SMALL)).all()


def test_frames_become_a_sound_with_about_the_same_frames() -> None:
    frames = frames_of(tones(400, 1200, 700), SMALL)
    again = frames_of(sound_of(frames, SMALL), SMALL)
    loud = frames > -4
    assert np.abs(again - frames)[loud].mean() < 0.5
    np.testing.assert_array_equal(sound_of(frames, SMALL), sound_of(frames, SMALL))


def test_too_many_bands_are_a_mistake() -> None:
    with pytest.raises(Mistake, match=r"data\.mels=300 is too many"):
        frames_of(tones(500), SMALL._replace(mels=300))


def test_cepstra_do_not_change_with_loudness() -> None:
    frames = frames_of(tones(400, 900), SMALL)
    np.testing.assert_allclose(cepstra_of(frames), cepstra_of(frames + 1.5), atol=1e-5)


def test_the_same_sound_at_another_speed_is_aligned_and_near() -> None:
    slow, fast = (frames_of(tones(400, 1500, 800, seconds=seconds), SMALL) for seconds in (0.5, 0.3))
    other = frames_of(tones(800, 500, 2500), SMALL)
    assert aligned(slow, fast).shape == slow.shape
    assert np.abs(aligned(slow, fast) - slow).mean() < 0.3 * np.abs(aligned(slow, other) - slow).mean()
    assert mel_cepstral_distortion(slow, slow) == 0
    assert mel_cepstral_distortion(slow, fast) < mel_cepstral_distortion(slow, other)


def test_recordings_are_read_as_frames_in_a_folder_and_in_a_table(tmp_path: Path) -> None:
    for label, pitch in (("high", 1500), ("low", 300)):
        (tmp_path / "tones" / label).mkdir(parents=True)
        write_wav(tmp_path / "tones" / label / "1.wav", tones(pitch), 8000)
    (tmp_path / "table.csv").write_text("sound,label\ntones/high/1.wav,high\ntones/low/1.wav,low\n")
    reading = Reading(frames=SMALL)
    for path in (tmp_path / "tones", tmp_path / "table.csv"):
        read = read_arrays([path], reading)
        assert held_in(path, reading) == Held("sound", "text") and read.targets == ["high", "low"]
        assert [one.shape for one in read.sequences] == [(31, 24)] * 2
