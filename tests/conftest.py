"""What every test can rely on: fixed seeds, one processor thread, the same examples at each run of CI."""

from __future__ import annotations

import os

# Before NumPy or PyTorch is imported, and inherited by the processes that tests start. One thread: the tensors are
# tiny, sums come out in one order, and two test runs side by side do not slow each other down.
THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
os.environ.update(THREADS)
os.environ.setdefault("MPLBACKEND", "agg")

import io
import random
import shutil
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from documented import REPOSITORY, Desk
from keyboard import Said, Shell

SEED = 20140910
SHARED = "UNSPOOL_TESTS_SHARED"
SOURCE = REPOSITORY / "src" / "unspool"

hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure(config: pytest.Config) -> None:
    """A folder that all processes of this run share; the one that starts the others makes it and removes it."""
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = tempfile.mkdtemp(prefix="unspool-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """See `pytest_configure`."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[SHARED], ignore_errors=True)


def pytest_report_header() -> str:
    """How large the files are: reported, so that growth is seen, and not asserted."""
    lines = [len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCE.rglob("*.py")]
    return f"src: {len(lines)} files, median {statistics.median(lines):.0f} lines, longest {max(lines)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that says nothing about its cost is fast; those of tests/learns learn."""
    for item in items:
        if "learns" in item.path.relative_to(REPOSITORY).parts:
            item.add_marker("learns")
        elif not any(item.iter_markers("slow")) and not any(item.iter_markers("exhaustive")):
            item.add_marker("fast")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Seed every generator that is loaded, before fixtures of any scope are made. PyTorch is not imported for it."""
    random.seed(SEED)
    np.random.seed(SEED)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(SEED)
        torch.set_num_threads(1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A temporary folder with pairs.tsv, test.tsv and words.txt, in which `desk.shell("unspool …")` runs."""
    return Desk(tmp_path)


@pytest.fixture
def pairs(desk: Desk) -> Path:
    """A table of 200 made-up words and the same spelled backwards."""
    return desk.folder / "pairs.tsv"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """`shell("train", path, …, stdin=b"…")` as a person would type it."""
    from unspool.cli.main import main

    def run(*words: object, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "argv", ["unspool", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        told = capfd.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)

    yield run
    if hasattr(signal, "SIGPIPE"):  # a command dies of a closed pipe; a test that writes to one later should not
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for tests that ask for it with the marks of `opened_pages`."""
    pytest.importorskip("playwright.sync_api", reason="needs playwright")
    from benchmarks.web.browser import browsing, chromium

    path = chromium()
    assert path
    with browsing(path) as started:
        yield started
