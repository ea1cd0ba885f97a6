"""The recipe from start to end, on voices that are tones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import unspool
from screens import Watched
from unspool.audio import espeak
from unspool.audio.wav import read_wav, write_wav
from unspool.errors import Mistake
from unspool.recipes import spoken_words, voice

RATE = 16_000


def say(path: Path, pitches: list[float], seconds: float) -> None:
    """A tone after the other, with an overtone."""
    time = np.arange(round(RATE * seconds)) / RATE
    parts = [0.3 * np.sin(2 * np.pi * pitch * time) + 0.1 * np.sin(4 * np.pi * pitch * time) for pitch in pitches]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, np.concatenate(parts), RATE)


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    draw = np.random.default_rng(1)
    for number in range(24):
        pitches = draw.uniform(200, 900, 3)
        say(tmp_path / "voices" / "source" / f"{number}.wav", list(pitches), 0.08)
        say(tmp_path / "voices" / "target" / f"{number}.wav", list(2.5 * pitches), 0.1)
    return tmp_path / "voices"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"embedding_size": 8, "encoder_size": 16, "encoder_layers": 1}
    monkeypatch.setitem(voice.SETTINGS, "model", voice.SETTINGS["model"] | sizes)
    monkeypatch.setitem(voice.SETTINGS, "training", {"max_updates": 80, "batch_symbols": 512, "learning_rate": 0.02,
                                                     "warmup_updates": 5, "averaging": 0.8})  # fmt: skip


def test_the_recipe_leaves_a_model_figures_sounds_and_a_picture(small: None, voices: Path, tmp_path: Path) -> None:
    out, screen = tmp_path / "voice", Watched()
    shown = voice.run(out, None, screen, voices)
    figures = json.loads((out / "evaluation.json").read_text())
    assert figures["n"] == 2 and figures["distortion"] < figures["distortion_unchanged"]
    assert f"{figures['reduction']:.0f} %" in shown and "predict" in shown
    assert (out / "heard" / "spectrogram.png").read_bytes().startswith(b"\x89PNG")
    assert len(read_wav(out / "heard" / "1-answer.wav", RATE)) > 0.2 * RATE
    assert any("held out" in line for line in screen.told)
    assert unspool.load(out, "cpu").predictor.fields.target.sound is not None, "answers are written as sound"


def test_too_few_recordings_are_a_mistake(voices: Path, tmp_path: Path) -> None:
    for side in ("source", "target"):
        for number in range(5, 24):
            (voices / side / f"{number}.wav").unlink()
    with pytest.raises(Mistake, match="5 pairs of recordings, and at least 20"):
        voice.run(tmp_path / "out", None, Watched(), voices)


def test_no_recording_is_in_two_parts() -> None:
    parts = voice.split(100)
    assert sorted(number for part in parts.values() for number in part) == list(range(100))
    assert [len(parts[name]) for name in ("test", "valid")] == [10, 6]


def test_words_are_many_different_and_the_same_every_time() -> None:
    found = spoken_words.words(600)
    assert len({*found}) == 600 and found == spoken_words.words(600)


def test_without_espeak_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Mistake, match="espeak-ng, which is not installed"):
        voice.run(tmp_path / "out", None, Watched())


@pytest.mark.skipif(shutil.which(espeak.PROGRAM) is None, reason="the program espeak-ng is not installed")
def test_espeak_speaks_and_an_unknown_voice_is_a_mistake(tmp_path: Path) -> None:
    espeak.speak("word", "en-us+m3", tmp_path / "a.wav")
    assert len(read_wav(tmp_path / "a.wav", RATE)) > 0.2 * RATE
    with pytest.raises(Mistake, match="did not speak with the voice xx-none"):
        espeak.speak("word", "xx-none", tmp_path / "b.wav")
