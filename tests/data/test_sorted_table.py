from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from unspool.data.sorted_table import SortedTable, read_sorted_table, sorted_table_bytes
from unspool.errors import Mistake

CELL = some.text(some.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), min_size=1, max_size=6)


@given(some.lists(some.tuples(CELL, CELL), max_size=30), some.text(max_size=4))
def test_it_has_what_a_dict_has(entries: list[tuple[str, str]], other: str) -> None:
    table = SortedTable(gzip.decompress(sorted_table_bytes(entries)))
    expected: dict[str, tuple[str, ...]] = {}
    for source, answer in entries:
        expected[source] = (*expected.get(source, ()), answer)
    assert dict(table) == expected and len(table) == len(expected)
    assert table.get(other) == expected.get(other) and (other in table) == (other in expected)


def test_the_same_entries_are_the_same_bytes_and_answers_keep_their_order(tmp_path: Path) -> None:
    written = sorted_table_bytes([("b", "2"), ("a", "1"), ("b", "1")])
    assert written == sorted_table_bytes([("a", "1"), ("b", "2"), ("b", "1")])
    (tmp_path / "dictionary.tsv.gz").write_bytes(written)
    assert read_sorted_table(tmp_path / "dictionary.tsv.gz")["b"] == ("2", "1")


@pytest.mark.parametrize("bad", ["a\tb", "a\nb", "a\r"])
def test_a_cell_that_would_break_a_line_is_refused(bad: str) -> None:
    for entry in ((bad, "x"), ("x", bad)):
        with pytest.raises(Mistake, match="tab or a line end"):
            sorted_table_bytes([entry])


@pytest.mark.parametrize(
    "content",
    [b"no gzip", sorted_table_bytes([("a", "1")])[:-9], gzip.compress(b"a\t1", mtime=0)],
    ids=["no gzip", "cut", "no line feed"],
)
def test_a_damaged_file_is_a_mistake(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "dictionary.tsv.gz").write_bytes(content)
    with pytest.raises(Mistake, match=r"dictionary\.tsv\.gz"):
        read_sorted_table(tmp_path / "dictionary.tsv.gz")
