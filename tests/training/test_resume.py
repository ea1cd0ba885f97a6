"""A run that is killed and goes on ends exactly where one that was never interrupted ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from warm import programs

TINY = [
    "model.embedding_size=8", "model.encoder_size=12", "model.decoder_size=12", "model.dropout=0.3",
    "training.batch_symbols=128", "training.max_updates=45", "training.validate_every=15", "training.precision=fp32",
    "training.checkpoint_minutes=0", "data.source_tokenizer=chars", "data.target_tokenizer=chars",
    "training.feeding=scheduled", "training.decay_slope=0.005", "training.choice=drawn",
]  # fmt: skip


def command(out: Path, *more: str) -> list[str]:
    settings = [word for setting in TINY for word in ("--set", setting)]
    return ["train", "--out", str(out), *more, *settings]


def progress_of(out: Path) -> dict[str, float]:
    """From one reading of the file: it may be replaced at any moment, and is then another one."""
    content = (out / "checkpoints" / "last.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return json.loads(header["__metadata__"]["progress"])


def wait_for_update(out: Path, update: int) -> dict[str, float]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (out / "checkpoints" / "last.safetensors").exists():
            progress = progress_of(out)
            if progress["update"] >= update and 0 < progress["batch"] < 8:  # well before the epoch's end
                return progress
        time.sleep(0.01)
    raise AssertionError(f"no checkpoint after update {update}, early in an epoch, within a minute")


def same_weights(one: Path, other: Path) -> None:
    for name in ("model.safetensors", "checkpoints/last.safetensors"):
        ours, theirs = load_file(one / name), load_file(other / name)
        assert ours.keys() == theirs.keys()
        for key, tensor in ours.items():
            assert torch.equal(tensor, theirs[key]), (name, key)


@pytest.mark.parametrize(("blow", "optimizer"), [(signal.SIGKILL, "adamw"), (signal.SIGINT, "muon")])
def test_a_run_stopped_in_mid_epoch_and_resumed_ends_with_the_same_weights_bit_for_bit(
    pairs: Path, tmp_path: Path, blow: signal.Signals, optimizer: str
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    given = [str(pairs), "--set", f"training.optimizer={optimizer}"]
    unspool = programs() / "unspool"
    subprocess.run([unspool, *command(whole, *given)], check=True, capture_output=True, timeout=120)
    alone = [sys.executable, "-m", "unspool", *command(broken, *given)]
    process = subprocess.Popen(alone, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_for_update(broken, 10)
    os.kill(process.pid, blow)
    _, said = process.communicate(timeout=60)
    stopped = progress_of(broken)
    assert 10 <= stopped["update"] < 45 and stopped["batch"] > 0, stopped
    if blow == signal.SIGINT:
        assert process.returncode == 130 and f"--resume --out {broken}" in said.decode()
    subprocess.run([unspool, *command(broken, "--resume")[:4]], check=True, capture_output=True, timeout=120)
    same_weights(whole, broken)
    figures = [
        [line for line in map(json.loads, (run / "metrics.jsonl").read_text().splitlines()) if line["kind"] == "valid"]
        for run in (whole, broken)
    ]
    assert [line["update"] for line in figures[0]] == [line["update"] for line in figures[1]] == [15, 30, 45]
