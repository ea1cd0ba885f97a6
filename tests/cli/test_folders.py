"""Which arguments of a command are models, and which are data."""

from __future__ import annotations

from pathlib import Path

from unspool.cli.folders import models_and_files


def test_folders_are_models_unless_they_hold_sequences_or_ink_and_no_run(tmp_path: Path) -> None:
    for name in ("model", "other", "empty", "numbers", "ink"):
        (tmp_path / name).mkdir()
    (tmp_path / "other" / "run.json").write_text("{}")
    (tmp_path / "other" / "log.csv").write_text("1,2\n")
    (tmp_path / "numbers" / "a_1.csv").write_text("1,2\n")
    (tmp_path / "ink" / "a.json").write_text('{"lines": []}')
    table = tmp_path / "a.tsv"
    given = [tmp_path / name for name in ("model", "other", "empty", "numbers", "ink")]
    models, files = models_and_files([*given, table, Path("-")])
    assert models == given[:3] and files == [*given[3:], table, Path("-")]
