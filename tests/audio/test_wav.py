"""Recordings of every width and rate, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from unspool.audio import wav
from unspool.audio.wav import read_wav, write_wav
from unspool.errors import Mistake

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000).astype(np.float32)


@pytest.mark.parametrize("width", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_width_is_read_as_the_same_samples(width: str, channels: int, tmp_path: Path) -> None:
    both = np.stack([TONE, TONE], 1)[:, :channels]
    soundfile.write(tmp_path / "a.wav", both, 8000, subtype=width)
    np.testing.assert_allclose(read_wav(tmp_path / "a.wav", 8000), TONE, atol=1 / 100 if width == "PCM_U8" else 1e-4)


def test_channels_are_averaged(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.stack([TONE, -TONE], 1), 8000)
    assert np.abs(read_wav(tmp_path / "a.wav", 8000)).max() < 1e-4


def test_another_rate_keeps_the_tone(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, 8000)
    samples = read_wav(tmp_path / "a.wav", 16000)
    assert len(samples) == 16000 and np.abs(np.fft.rfft(samples)).argmax() == 440


def test_what_is_written_is_read_again_and_what_is_too_loud_is_made_quieter(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", TONE, 8000)
    np.testing.assert_allclose(read_wav(tmp_path / "a.wav", 8000), TONE, atol=1e-4)
    write_wav(tmp_path / "b.wav", 8 * TONE, 8000)
    np.testing.assert_allclose(read_wav(tmp_path / "b.wav", 8000), TONE * 2, atol=1e-3)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_what_cannot_be_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "good.wav", TONE, 8000)
    good = (tmp_path / "good.wav").read_bytes()
    soundfile.write(tmp_path / "silent.wav", TONE[:0], 8000)
    soundfile.write(tmp_path / "slow.wav", TONE, 10)
    soundfile.write(tmp_path / "nan.wav", np.full(9, np.nan), 8000, subtype="FLOAT")
    wrong = {
        "there is no file": tmp_path / "missing.wav",
        "is empty": written(tmp_path / "empty.wav", b""),
        "is truncated": written(tmp_path / "half.wav", good[: len(good) // 2]),
        "is not a recording": written(tmp_path / "text.wav", b"Hello, this is a text and no sound."),
        "claims 10 samples a second": tmp_path / "slow.wav",
        "holds no sound": tmp_path / "silent.wav",
        "not finite": tmp_path / "nan.wav",
    }
    for what, path in wrong.items():
        with pytest.raises(Mistake, match=f"(?i){what}") as caught:
            read_wav(path, 8000)
        assert path.name in caught.value.what and "\n" not in caught.value.what
    monkeypatch.setattr(wav, "MOST_SAMPLES", 7999)
    with pytest.raises(Mistake, match="hours long"):
        read_wav(tmp_path / "good.wav", 8000)


def test_a_header_that_claims_hours_takes_no_memory(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "good.wav", TONE, 8000)
    content = bytearray((tmp_path / "good.wav").read_bytes())
    content[4:8] = content[40:44] = (2**31).to_bytes(4, "little")
    with pytest.raises(Mistake, match="truncated"):
        read_wav(written(tmp_path / "claims.wav", bytes(content)), 8000)
