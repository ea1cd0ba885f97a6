"""A model in a folder is replaced so that a usable one is there at every moment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from killing import killed_after
from unspool.errors import Mistake
from unspool.storage.previous import PREVIOUS, atomic_directory, forget, set_aside, usable

MARK = "manifest.json"
NAMES = ("step.onnx", MARK)


def fill(folder: Path, text: str) -> None:
    for name in NAMES:
        (folder / name).write_text(text)


def put(target: Path, text: str) -> None:
    with atomic_directory(target, NAMES, MARK) as partial:
        fill(partial, text)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_it_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with atomic_directory(target, NAMES, MARK) as partial:
        fill(partial, "new")
        assert not target.exists()
    assert contents(target) == dict.fromkeys(NAMES, "new")
    assert list(target.parent.iterdir()) == [target]


def test_in_a_folder_that_is_there_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with atomic_directory(tmp_path / "out", NAMES, MARK) as partial:
        fill(partial, "new")
        assert contents(tmp_path / "out")[MARK] == "old"
    assert contents(tmp_path / "out") == dict.fromkeys(NAMES, "new") | {"notes.txt": "mine"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*NAMES, "notes.txt"}


def test_what_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), atomic_directory(tmp_path / "out", NAMES, MARK) as partial:
        fill(partial, "new")
        raise ValueError("no")
    assert not list(tmp_path.iterdir())


def test_the_working_folder_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(Path("."), "new")
    assert contents(tmp_path) == dict.fromkeys(NAMES, "new")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_somebody_else_is_refused_by_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    if name == MARK:  # with it, this is an exported folder
        (tmp_path / name).unlink()
        (tmp_path / name).symlink_to("nowhere")
    with pytest.raises(Mistake, match=name):
        put(tmp_path, "new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("kind", ["an export", "files of somebody else"])
def test_killed_at_any_change_it_is_the_old_or_the_new_one_and_can_be_written_again(kind: str, tmp_path: Path) -> None:
    seen, change, done = set(), 0, False
    while not done:
        target = tmp_path / str(change)
        target.mkdir()
        (target / "notes.txt").write_text("mine")
        if kind == "an export":
            put(target, "old")
        done = killed_after(change, lambda: put(target, "new"))  # noqa: B023
        found = contents(usable(target, MARK))
        if kind == "an export" or MARK in found:
            versions = {found[name] for name in NAMES}
            assert len(versions) == 1, (change, found)
            seen |= versions
        put(target, "again")
        assert contents(target) == dict.fromkeys(NAMES, "again") | {"notes.txt": "mine"}
        assert not (target / PREVIOUS).exists()
        change += 1
    assert change > 8
    assert seen == ({"old", "new"} if kind == "an export" else {"new"})


def test_a_replacement_that_is_replaced_keeps_the_model_from_before_both(tmp_path: Path) -> None:
    fill(tmp_path, "first")
    for text in ("second", "third"):
        set_aside(tmp_path, NAMES, MARK)
        assert contents(usable(tmp_path, MARK)) == dict.fromkeys(NAMES, "first")
        (tmp_path / "step.onnx").write_text(text)
    (tmp_path / MARK).write_text("third")
    assert usable(tmp_path, MARK) == tmp_path
    forget(tmp_path)
    assert contents(tmp_path) == {"step.onnx": "third", MARK: "third"}
    assert {path.name for path in tmp_path.iterdir()} == {*NAMES}


def test_without_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError("no links here")

    fill(tmp_path, "old")
    monkeypatch.setattr(os, "link", refuse)
    set_aside(tmp_path, NAMES, MARK)
    assert contents(tmp_path / PREVIOUS) == dict.fromkeys(NAMES, "old")
