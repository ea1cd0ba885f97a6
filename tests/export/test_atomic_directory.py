"""A folder appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspool.export.atomic_directory import atomic_directory
from unspool.runtime.manifest import MANIFEST


def fill(folder: Path, text: str) -> None:
    for name in (MANIFEST, "step.onnx"):
        (folder / name).write_text(text)


def test_it_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with atomic_directory(target) as partial:
        fill(partial, "new")
        assert not target.exists()
    assert {path.name for path in target.iterdir()} == {MANIFEST, "step.onnx"}
    assert list(target.parent.iterdir()) == [target]


def test_in_a_folder_that_is_there_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    fill(target, "old")
    (target / "notes.txt").write_text("mine")
    with atomic_directory(target) as partial:
        fill(partial, "new")
        assert (target / MANIFEST).read_text() == "old"
    assert {path.name: path.read_text() for path in target.iterdir()} == {
        MANIFEST: "new", "step.onnx": "new", "notes.txt": "mine",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == [target]


def test_what_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out"
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial" / "of a killed process").touch()
    with pytest.raises(ValueError, match="no"), atomic_directory(target) as partial:
        assert not list(partial.iterdir())
        fill(partial, "new")
        raise ValueError("no")
    assert not list(tmp_path.iterdir())
