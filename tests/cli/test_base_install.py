"""Without the extra 'train' there is no PyTorch: what does not need it works, and the rest says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BLOCKED = """
import sys
for name in ("torch", "safetensors", "tensorboard", "matplotlib", "sacrebleu", "rapidfuzz"):
    sys.modules[name] = None
from unspool.cli.main import main
main()
"""


def without_extra(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BLOCKED, *map(str, words)], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"], ["models"], ["recipes"], ["describe", "pairs.tsv"]])
def test_commands_that_need_no_network_run(words: list[str], pairs: Path) -> None:
    done = without_extra(*[pairs if word == "pairs.tsv" else word for word in words])
    assert done.returncode == 0 and done.stdout, done.stderr


def test_a_trained_folder_is_described(trained: Path) -> None:
    assert "luong" in without_extra("describe", trained).stdout


@pytest.mark.parametrize("command", ["train", "predict", "evaluate", "run"])
def test_other_commands_say_the_line_that_installs_what_is_missing(command: str, trained: Path, pairs: Path) -> None:
    words = {
        "train": [pairs, "--out", pairs.parent / "out"], "predict": [trained, pairs], "evaluate": [trained, pairs],
        "run": ["g2p", "--out", pairs.parent / "out"],
    }  # fmt: skip
    done = without_extra(command, *words[command])
    assert done.returncode == 2 and "pip install 'unspool[train]'" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
