"""Pipes and standard input are read once, however often a table is read."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from unspool.config import DataConfig
from unspool.data.inputs import Files
from unspool.data.read_once import STDIN, can_be_read_again, read_once
from unspool.data.reading import Reading
from unspool.data.tables import Table
from unspool.errors import Mistake

COUNT = """
import sys, pathlib
from unspool.data.read_once import read_once
from unspool.data.tables import Table
with read_once():
    table = Table([pathlib.Path(sys.argv[1])])
    print(sum(1 for _ in table), sum(1 for _ in table))
"""
ROWS = "".join(f"word{number}\tdrow{number}\n" for number in range(9_000))
CSV = "source,target\n" + ROWS.replace("\t", ",")


@pytest.fixture
def fifo(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "pairs.tsv"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(ROWS,), daemon=True)
    writer.start()
    yield path
    writer.join()


def test_a_pipe_is_read_whole_every_time_and_leaves_nothing_behind(fifo: Path) -> None:
    before = {*Path(tempfile.gettempdir()).glob("unspool-*")}
    with read_once():
        table = Table([fifo])
        assert sum(1 for _ in table) == sum(1 for _ in table) == 9_000
    assert {*Path(tempfile.gettempdir()).glob("unspool-*")} <= before


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "a link"])
@pytest.mark.parametrize("content", [ROWS, CSV])
def test_standard_input_by_any_name(name: str, content: str, tmp_path: Path) -> None:
    if name == "a link":
        name = str(tmp_path / ("pairs.tsv" if content == ROWS else "pairs.csv"))
        Path(name).symlink_to("/dev/stdin")
    elif content == CSV:
        pytest.skip("its kind cannot be seen")
    command = [sys.executable, "-c", COUNT, name]
    for stdin in ({"input": content}, {}):
        if stdin:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, **stdin)
        else:  # a file that the shell has opened
            (tmp_path / "file").write_text(content)
            with (tmp_path / "file").open() as file:
                done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=file)
        assert done.stdout == "9000 9000\n", done.stderr


def test_what_an_earlier_run_read_from_a_pipe_cannot_be_read_again(fifo: Path) -> None:
    fifo.read_text()
    for path in (STDIN, fifo):
        assert not can_be_read_again(path)
        with pytest.raises(Mistake, match="could be read only once"):
            Files((path,)).refuse_read_once()
    assert Files((STDIN,)).to_json()["data"] == ["-"]


def test_the_kind_of_a_pipe_without_an_ending_is_seen(tmp_path: Path) -> None:
    for content, delimiter in (('{"s": "a", "t": "b"}\n', None), ("s;t\na;b\n", ";"), ("a\tb\n", None)):
        path = tmp_path / "pipe"
        os.mkfifo(path)
        threading.Thread(target=path.write_text, args=(content,), daemon=True).start()
        with read_once():
            table = Table([path], Reading.of(DataConfig(delimiter=delimiter)))
            assert [pair[:2] for pair in table] == [(("a",), ("b",))]
        path.unlink()
