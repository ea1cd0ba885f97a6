from __future__ import annotations

from pathlib import Path

import pytest

from unspool.config import DataConfig
from unspool.data.parallel import ParallelFiles
from unspool.data.reading import Reading
from unspool.data.tables import Pair
from unspool.errors import Mistake


def files(folder: Path, source: str, target: str, max_line: int = 100) -> ParallelFiles:
    (folder / "a.de").write_text(source, newline="")
    (folder / "a.en").write_text(target, newline="")
    return ParallelFiles(folder / "a.de", folder / "a.en", Reading(max_line=max_line))


def test_line_n_of_one_file_belongs_to_line_n_of_the_other(tmp_path: Path) -> None:
    pairs = files(tmp_path, "ein\tHund\r\nzwei\n", "a dog\ntwo")
    assert list(pairs) == [Pair(("ein\tHund",), ("a dog",), 1), Pair(("zwei",), ("two",), 2)]
    assert list(pairs) == list(pairs)


def test_a_blank_line_leaves_out_the_pair_and_keeps_the_rest_aligned(tmp_path: Path) -> None:
    pairs = files(tmp_path, "a\n\nc\n", "x\ny\nz\n")
    assert [pair.line for pair in pairs] == [1, 3] and pairs.stats.skipped_empty == 1


@pytest.mark.parametrize(("source", "target"), [("a\nb\nc\n", "x\n"), ("a\n", "x\ny\nz\n")])
def test_different_numbers_of_lines_are_a_mistake_with_both(tmp_path: Path, source: str, target: str) -> None:
    with pytest.raises(Mistake, match=r"a\.de has (1 line|3 lines) and .*a\.en has \d\.") as caught:
        list(files(tmp_path, source, target))
    assert "3" in caught.value.what and "1" in caught.value.what


def test_an_empty_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"a\.en is empty"):
        files(tmp_path, "a\n", "")


def test_columns_do_not_go_with_parallel_files(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="--columns"):
        ParallelFiles(tmp_path / "a", tmp_path / "b", Reading.of(DataConfig(columns="source=1,target=2")))
