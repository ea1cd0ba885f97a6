"""A small world of real values: a noisy sine is continued, from an .npz file to an .npz file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import unspool
from keyboard import Shell
from unspool.data.arrays import read_arrays
from unspool.export.onnx import export

PAST, FUTURE, NOISE = 24, 12, 0.5
SETTINGS = {
    "model.embedding_size": 32, "model.encoder_size": 64, "model.decoder_size": 64, "model.dropout": 0.0,
    "training.learning_rate": 0.01, "training.max_updates": 200, "training.validate_every": 200,
    "training.batch_symbols": 2048, "training.warmup_updates": 20, "training.averaging": 0.98,
    "training.precision": "fp32",
}  # fmt: skip


def write(path: Path, count: int, seed: int) -> Path:
    """Waves of different periods, sizes and phases around 100."""
    random = np.random.default_rng(seed)
    phase, period, size = (
        random.uniform(0, 2 * math.pi, count),
        random.uniform(8, 12, count),
        random.uniform(5, 10, count),
    )
    steps = np.arange(PAST + FUTURE)
    waves = 100 + size[:, None] * np.sin(2 * math.pi * steps / period[:, None] + phase[:, None])
    values = waves + NOISE * random.normal(size=waves.shape)
    np.savez(
        path,
        values=values[:, :PAST].reshape(-1, 1), lengths=np.full(count, PAST),
        target_values=values[:, PAST:].reshape(-1, 1), target_lengths=np.full(count, FUTURE),
    )  # fmt: skip
    return path


def test_luong_continues_a_noisy_sine_alike_with_and_without_pytorch(shell: Shell, tmp_path: Path) -> None:
    train, dev, run = write(tmp_path / "train.npz", 600, 1), write(tmp_path / "dev.npz", 60, 2), tmp_path / "run"
    model = unspool.train(train, valid=dev, out=run, model="luong", settings=SETTINGS)
    figures = model.evaluate(dev)
    # Repeating the mean is wrong by 5.3 on average; the noise alone is worth 0.73 nats a step.
    assert figures["rmse"] < 3 and 0.7 < figures["nll"] < 2, figures
    assert figures["nll_low"] < figures["nll"] < figures["nll_high"]

    past, future = read_arrays([dev])
    (first, *_) = model.predict(past)
    assert first.values is not None and first.values.shape == (FUTURE, 1)
    assert np.abs(first.values - future[0]).mean() < 3
    (score,) = model.score([(past[0], future[0])])
    assert score.symbols == FUTURE and math.isfinite(score.log_prob)

    export(run, tmp_path / "shipped")
    shipped = unspool.load(tmp_path / "shipped")
    assert shipped.engine.startswith("ONNX Runtime")
    for kind in ({}, {"sample": True, "n_best": 2, "seed": 3}, {"sample": True, "temperature": 0.5}):
        for ours, theirs in zip(model.predict(past, **kind), shipped.predict(past, **kind), strict=True):
            for one, other in zip(ours.hypotheses, theirs.hypotheses, strict=True):
                np.testing.assert_allclose(one.values, other.values, rtol=1e-3, atol=1e-2)
                assert one.score == pytest.approx(other.score, abs=1e-2)
    again = shipped.evaluate(dev)
    assert again["nll"] == pytest.approx(figures["nll"], abs=1e-3) and again["rmse"] == pytest.approx(
        figures["rmse"], abs=1e-3
    )

    done = shell("predict", tmp_path / "shipped", dev, "--out", tmp_path / "answers.npz")
    assert done.code == 0 and done.out == ""
    written = read_arrays([tmp_path / "answers.npz"]).sequences
    assert len(written) == 60 and np.allclose(written[0], first.values, atol=1e-2)
    refused = shell("predict", run, dev, "--beam", 3)
    assert refused.code == 2 and "--sample" in refused.err


def test_a_cooler_sample_stays_closer_to_the_mean(tmp_path: Path) -> None:
    train = write(tmp_path / "train.npz", 100, 1)
    model = unspool.train(train, out=tmp_path / "run", settings=SETTINGS | {"training.max_updates": 10})
    past = read_arrays([train]).sequences[:20]
    modes = np.stack([prediction.values for prediction in model.predict(past)])

    def spread(temperature: float) -> float:
        drawn = model.predict(past, sample=True, temperature=temperature)
        return float(np.abs(np.stack([prediction.values for prediction in drawn]) - modes).mean())

    assert spread(0.1) < spread(1.0)
