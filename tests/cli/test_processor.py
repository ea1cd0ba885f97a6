"""Threads, the environment and the shell: what the command line changes about its process, and where it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from documented import REPOSITORY
from keyboard import TINY, Shell
from unspool import folder as disk
from unspool.cli import processor
from unspool.cli.processor import beside_a_server, use_threads

PAGE = (REPOSITORY / "docs" / "reference" / "environment.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):
    """Variables and PyTorch's threads as they were, afterwards."""
    for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
        monkeypatch.setenv(name, os.environ.get(name, "1"))
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_threads_reach_every_library(environment: None) -> None:
    use_threads(2)
    assert os.environ["OMP_NUM_THREADS"] == os.environ["RAYON_NUM_THREADS"] == "2" and torch.get_num_threads() == 2
    use_threads(None)
    assert os.environ["OMP_NUM_THREADS"] == "2"


def test_a_server_leaves_one_processor_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for there, expected in ((8, 7), (2, 1), (1, 1)):
        monkeypatch.setattr(processor, "available", lambda there=there: there)
        assert beside_a_server(None) == expected
    assert beside_a_server(5) == 5
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert beside_a_server(None) == 3


def test_threads_of_a_training_are_kept_with_it_and_answers_do_not_depend_on_them(
    shell: Shell, pairs: Path, tmp_path: Path, environment: None
) -> None:
    said = shell("train", pairs, "--out", tmp_path / "run", *TINY, "--set", "training.max_updates=2", "--threads", 1)
    assert said.code == 0, said.err
    assert disk.read_run(tmp_path / "run")[0].threads == 1
    one, two = (shell("predict", tmp_path / "run", "--threads", count, stdin=b"bade\n").out for count in (1, 2))
    assert one == two
    assert shell("predict", tmp_path / "run", "--threads", 0, stdin=b"bade\n").code == 2


def test_every_variable_that_is_read_or_set_is_on_the_page() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "src").rglob("*.py"))
    read = re.findall(r"environ(?:\.\w+)?[\[(]\s*\"([A-Z_]+)\"|\"([A-Z_]+)\" (?:not )?in os\.environ", source)
    names = {one or other for one, other in read}
    assert {"UNSPOOL_KERNELS", "UNSPOOL_COMPILE", "GOMP_SPINCOUNT", "OMP_WAIT_POLICY"} <= names
    assert [name for name in names if f"`{name}" not in PAGE] == []


def test_the_library_leaves_the_process_of_its_host_alone() -> None:
    code = "import os; before = dict(os.environ); import unspool; unspool.load; assert dict(os.environ) == before"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("words", "completed"),
    [(["tr"], "train"), (["train", "--model", "lu"], "luong"), (["settings", "trans"], "transformer")],
)
def test_a_shell_completes_commands_and_models(words: list[str], completed: str) -> None:
    environment = os.environ | {
        "_UNSPOOL_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["unspool", *words]),
        "COMP_CWORD": str(len(words)),
    }
    code = "import sys; sys.argv = ['unspool']; from unspool.cli.main import main; main()"
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert said.stdout.split() == [completed]
