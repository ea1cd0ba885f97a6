from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from unspool.data.columns import FIRST_TWO, Columns, parse_columns
from unspool.data.reading import Reading
from unspool.data.sources import read_sources, stream_sources
from unspool.errors import Mistake

WHOLE = Reading(whole_lines=True)


def read(lines: bytes, columns: Columns | None = None) -> list[str]:
    return list(stream_sources(io.BytesIO(lines), Reading(columns) if columns else WHOLE))


def test_a_line_in_is_a_source_out_even_when_it_is_empty() -> None:
    assert read(b"\xef\xbb\xbfa\n\n b\tc\r\nd") == ["a", "", " b\tc", "d"]


def test_columns_pick_the_source_of_a_whole_row() -> None:
    assert read(b"a\tb\n\nc\td\n", FIRST_TWO) == ["a", "", "c"]
    assert read(b"form\ttags\tlemma\n", parse_columns("source=3+2,target=1")) == ["lemma\ttags"]


def test_a_line_with_as_many_columns_as_the_source_is_the_source() -> None:
    assert read(b"plain\n", parse_columns("source=2,target=1")) == ["plain"]
    assert read(b"lemma\ttags\n", parse_columns("source=3+2,target=1")) == ["lemma\ttags"]


@pytest.mark.parametrize("columns", ["source=5,target=1", "source=question,target=answer"])
def test_a_line_without_the_wanted_column_is_a_mistake(columns: str) -> None:
    with pytest.raises(Mistake, match="standard input, line 2"):
        read(b"a\na\tb\n", parse_columns(columns))


def test_a_source_is_handed_on_before_the_next_line_is_asked_for() -> None:
    reads, writes = os.pipe()
    os.write(writes, b"first\n")  # and the pipe stays open
    with open(reads, "rb") as stream:
        assert next(stream_sources(stream)) == "first"
        os.close(writes)


def test_sources_of_named_tables_need_no_target(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("question,rank\nwhy,1\n")
    (tmp_path / "b.jsonl").write_text('{"question": "how"}\n')
    asked = parse_columns("source=question,target=answer")
    assert [*read_sources(tmp_path / "a.csv", Reading(asked)), *read_sources(tmp_path / "b.jsonl", Reading(asked))] == [
        "why",
        "how",
    ]
    assert [*read_sources(tmp_path / "a.csv"), *read_sources(tmp_path / "b.jsonl")] == ["why", "how"]


def test_any_other_ending_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "test.de").write_text("eins\nzwei\n")
    assert list(read_sources(tmp_path / "test.de", WHOLE)) == ["eins", "zwei"]


def test_bytes_of_a_stream_that_are_not_utf8_are_a_mistake_whose_remedy_names_no_file() -> None:
    with pytest.raises(Mistake, match="standard input, line 1, byte 4: 0xE9 is not UTF-8") as caught:
        list(stream_sources(io.BytesIO(b"caf\xe9\n")))
    assert caught.value.remedy.endswith("save it as UTF-8: iconv -f CP1252 -t UTF-8")
