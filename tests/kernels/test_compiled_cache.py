"""A compiled library is built anew unless it is there as it was written, by us and by nobody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from unspool.kernels.compiled_cache import load_stored

CONTENT = b"machine code" * 100


class Compiler:
    """Counts what it builds."""

    def __init__(self) -> None:
        self.built = 0

    def __call__(self, path: Path) -> None:
        self.built += 1
        path.write_bytes(CONTENT)

    def load(self) -> bytes:
        return bytes(load_stored("loops.so", self, Path.read_bytes))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "unspool"


def test_it_is_built_once_and_only_its_owner_may_write_it(folder: Path) -> None:
    before, compiler = os.umask(0), Compiler()
    try:
        assert compiler.load() == compiler.load() == CONTENT
    finally:
        os.umask(before)
    assert compiler.built == 1 and {path.name for path in folder.iterdir()} == {"loops.so", "loops.so.hash"}
    assert not any(stat.S_IMODE(path.stat().st_mode) & 0o022 for path in (folder, *folder.iterdir()))


DAMAGE = {
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(CONTENT[:-7]),
    "one bit": lambda path: path.write_bytes(bytes([CONTENT[0] ^ 4]) + CONTENT[1:]),
    "gone": lambda path: path.unlink(),
    "writable by the group": lambda path: path.chmod(0o720),
    "writable by all": lambda path: path.chmod(0o702),
    "without its hash": lambda path: path.with_name("loops.so.hash").unlink(),
    "with another hash": lambda path: path.with_name("loops.so.hash").write_bytes(b"0"),
    "with a hash that all may write": lambda path: path.with_name("loops.so.hash").chmod(0o702),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_or_could_be_somebody_elses_is_built_anew(folder: Path, damage: str) -> None:
    compiler = Compiler()
    compiler.load()
    DAMAGE[damage](folder / "loops.so")
    assert compiler.load() == CONTENT and compiler.built == 2
    assert compiler.load() == CONTENT and compiler.built == 2


def test_a_file_of_another_person_is_built_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = Compiler()
    compiler.load()
    ours = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: ours + 1)
    assert compiler.load() == CONTENT and compiler.built == 2
    assert sorted(path.name for path in folder.iterdir()) == ["loops.so", "loops.so.hash"]


@pytest.mark.parametrize("home", ["none", "a file"])
def test_without_a_folder_it_is_built_for_this_process_alone(
    home: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if home == "a file":
        folder.write_text("in the way")
    else:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.delenv("HOME", raising=False)

        def nobody() -> Path:
            raise RuntimeError("Could not determine home directory.")

        monkeypatch.setattr(Path, "home", nobody)
    compiler = Compiler()
    assert compiler.load() == compiler.load() == CONTENT and compiler.built == 2
    assert not folder.is_dir()


def test_what_fails_to_build_leaves_nothing(folder: Path) -> None:
    def failing(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        load_stored("loops.so", failing, Path.read_bytes)
    assert not list(folder.iterdir())
