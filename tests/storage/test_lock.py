"""One process at a time writes into a folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from unspool.errors import Mistake
from unspool.storage.lock import LOCK, hold

HOLD = """
import sys, time
from pathlib import Path
from unspool.storage.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_gets_the_holder_and_the_third_the_folder_of_a_dead_one(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline() == b"held\n"
    with pytest.raises(Mistake) as refused, hold(tmp_path):
        pass
    assert f"process {holder.pid} on '{socket.gethostname()}'" in refused.value.what
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert (tmp_path / LOCK).exists()
    with hold(tmp_path):
        assert str(os.getpid()) in (tmp_path / LOCK).read_text()
    assert not list(tmp_path.iterdir())


def test_a_new_folder_goes_away_if_nothing_is_written_and_stays_otherwise(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path / "new" / "run"):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
    with hold(tmp_path / "new" / "run"):
        (tmp_path / "new" / "file").touch()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


def test_where_nothing_can_be_written_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Mistake, match=r"file/run could not be written"), hold(tmp_path / "file" / "run"):
        pass
