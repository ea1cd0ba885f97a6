"""A file appears whole or not at all, and an error of the system names it."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from unspool.errors import Mistake
from unspool.storage.atomic import GRACE, PARTIAL, partial, replace
from unspool.storage.lock import try_lock


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        replace(tmp_path / "new" / "file", content)
        assert (tmp_path / "new" / "file").read_bytes() == content
        assert os.listdir(tmp_path / "new") == ["file"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    replace(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_bytes() == b"new"


def test_a_link_to_itself_is_replaced_or_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    replace(tmp_path / "link", b"new")
    assert (tmp_path / "link").read_bytes() == b"new"


def test_a_link_into_a_folder_that_is_not_there_is_named_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "file")
    with pytest.raises(Mistake, match=r"link could not be written: No such file or directory\."):
        replace(tmp_path / "link", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link"]


def test_devices_and_pipes_are_written_to(tmp_path: Path) -> None:
    replace(Path("/dev/null"), b"gone")
    assert Path("/dev/null").is_char_device()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    replace(tmp_path / "pipe", b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    with pytest.raises(Mistake, match="disk is full: /dev/full"):
        replace(Path("/dev/full"), b"much")


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    replace(tmp_path / ("x" * 255), b"content")


def test_files_with_similar_names_are_left_alone(tmp_path: Path) -> None:
    for name in ("file.partial", ".file.partial", f"{PARTIAL}mine"):
        (tmp_path / name).write_text("mine")
        os.utime(tmp_path / name, (0, 0))
    replace(tmp_path / "file", b"content")
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_dead_processes_left_is_removed_and_what_is_in_use_is_not(kind: str, tmp_path: Path) -> None:
    left, used, young = (tmp_path / (PARTIAL + digit * 16) for digit in "abc")
    for path in (left, used, young):
        if kind == "folder":
            path.mkdir()
            (path / "inside").touch()
        else:
            path.touch()
        if path != young:
            os.utime(path, (time.time() - GRACE - 5,) * 2)
    file = os.open(used, os.O_RDONLY)
    assert try_lock(file) is True
    with partial(tmp_path):
        assert {path.name for path in tmp_path.iterdir()} == {used.name, young.name}
    os.close(file)


@pytest.mark.parametrize(
    ("number", "said", "remedy"),
    [
        (errno.ENOSPC, "disk is full", "Free some space"),
        (errno.EFBIG, "larger than this process may write", "ulimit -f"),
        (errno.EROFS, "read-only", "where you may write"),
        (errno.EACCES, "no permission", "where you may write"),
        (errno.EIO, "could not be written", "Check"),
    ],
)
def test_an_error_of_the_system_names_the_file_and_loses_nothing(
    number: int, said: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: int) -> None:
        raise OSError(number, os.strerror(number))

    replace(tmp_path / "file", b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(Mistake, match=said) as refused:
        replace(tmp_path / "file", b"new")
    assert str(tmp_path / "file") in refused.value.what and remedy in refused.value.remedy
    assert "Errno" not in str(refused.value)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["file"] and (tmp_path / "file").read_bytes() == b"old"


def test_a_folder_and_a_path_through_a_file_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Mistake, match="is a folder"):
        replace(tmp_path, b"")
    with pytest.raises(Mistake, match="is a file, not a folder"):
        replace(tmp_path / "file" / "inside", b"")
