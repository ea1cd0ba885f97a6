"""The oldest libraries that pyproject.toml allows are enough: the package runs with exactly those."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from documented import REPOSITORY, lay_out
from keyboard import TINY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def oldest(requirements: list[str]) -> list[str]:
    """Each requirement at its lower bound: "numpy>=2.0,<3" becomes "numpy==2.0"."""
    return [re.sub(r">=([\d.]+).*", r"==\1", requirement) for requirement in requirements]


def test_every_library_that_a_person_installs_has_a_lower_bound() -> None:
    wanted = [*PROJECT["dependencies"], *EXTRAS["train"], *EXTRAS["recipes"]]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", pinned) for pinned in oldest(wanted))


@pytest.mark.exhaustive
def test_training_and_an_export_run_with_the_oldest_libraries(tmp_path: Path) -> None:
    lay_out(tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    pinned = oldest([*PROJECT["dependencies"], *EXTRAS["train"]])
    subprocess.run([python, "-m", "pip", "install", "-q", *pinned], check=True)
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "src")}
    for words in (
        ["train", "pairs.tsv", "--out", "run", "--columns", "source=1:bpe,target=2:chars", *TINY],
        ["predict", "run", "words.txt"],
        ["evaluate", "run", "test.tsv", "--metric", "bleu", "--metric", "exact_match"],
        ["explain", "run", "abc", "--out", "page.html"],
        ["explain", "run", "abc", "--out", "picture.png"],
        ["export", "run", "--to", "onnx", "--quantize", "int8", "--out", "exported"],
        ["predict", "exported", "words.txt", "--beam", "3"],
    ):
        said = subprocess.run([python, "-m", "unspool", *words], cwd=tmp_path, env=environment, capture_output=True)
        assert said.returncode == 0, (words, said.stderr.decode()[-2000:])
