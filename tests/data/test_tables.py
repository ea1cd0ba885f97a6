from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspool.config import DataConfig
from unspool.data import csv_file
from unspool.data.columns import parse_columns
from unspool.data.reading import Reading
from unspool.data.tables import Pair, Table
from unspool.errors import MissingExtra, Mistake


def table(path: Path, content: str | bytes, columns: str | None = None, max_line: int = 20_000) -> Table:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Table([path], Reading(parse_columns(columns) if columns else None, max_line=max_line))


def texts(pairs: Table) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(pair.source, pair.target) for pair in pairs]


def mistake(path: Path, content: str | bytes, columns: str | None = None) -> Mistake:
    """What reading the whole of a wrong file says."""
    with pytest.raises(Mistake) as caught:
        list(table(path, content, columns))
    assert path.name in caught.value.what and caught.value.remedy
    return caught.value


def test_two_columns_of_a_tsv_are_source_and_target_with_their_line(tmp_path: Path) -> None:
    assert list(table(tmp_path / "a.tsv", "a\tb\nc\td\n")) == [Pair(("a",), ("b",), 1), Pair(("c",), ("d",), 2)]


def test_columns_can_be_turned_and_joined(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.tsv", "lemma\ttags\tform\n", "source=3+2:tags,target=1")
    assert texts(rows) == [(("form", "tags"), ("lemma",))]
    assert rows.columns.source[1].tokenizer == "tags"


def test_every_pass_reads_the_same_rows_and_counts_anew(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.tsv", "a\tb\n\tx\nc\td\n")
    assert list(rows) == list(rows)
    assert (rows.stats.rows, rows.stats.skipped_empty) == (2, 1)


def test_rows_are_handed_on_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    rows = iter(table(tmp_path / "a.tsv", "a\tb\n" * 3 + "broken\n"))
    assert next(rows).line == 1


def test_a_table_of_several_files_is_one_after_another(tmp_path: Path) -> None:
    for name in ("a.tsv", "b.csv"):
        (tmp_path / name).write_text("x\ty\n" if name == "a.tsv" else "source,target\nx,z\n")
    assert texts(Table([tmp_path / "a.tsv", tmp_path / "b.csv"])) == [(("x",), ("y",)), (("x",), ("z",))]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            *[st.text(st.characters(exclude_characters="\t\n\r", exclude_categories=["Cs"]), min_size=1)] * 2
        ).filter(lambda row: not row[0].isspace() and not row[1].isspace() and not row[0].startswith("\ufeff")),
        min_size=1,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_tsv_reads_back_whatever_is_not_a_tab_or_line_feed(
    tmp_path: Path, rows: list[tuple[str, str]], ending: str
) -> None:
    content = "".join(f"{source}\t{target}{ending}" for source, target in rows)
    assert texts(table(tmp_path / "a.tsv", content)) == [((source,), (target,)) for source, target in rows]


def test_true_and_false_of_a_jsonl_are_labels(tmp_path: Path) -> None:
    lines = '{"s": "a", "t": true}\n{"s": "b", "t": false}\n'
    assert texts(table(tmp_path / "a.jsonl", lines)) == [(("a",), ("true",)), (("b",), ("false",))]


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\x0b", "\x0c", "\x1c", "a\rb"])
def test_lines_end_at_a_line_feed_only(tmp_path: Path, mark: str) -> None:
    assert texts(table(tmp_path / "a.tsv", f"a{mark}b\tc\n")) == [((f"a{mark}b",), ("c",))]


@pytest.mark.parametrize("name", ["a.tsv", "a.csv", "a.jsonl"])
def test_a_byte_order_mark_at_the_start_is_dropped(tmp_path: Path, name: str) -> None:
    content = {"a.tsv": "a\tb\n", "a.csv": "s,t\na,b\n", "a.jsonl": '{"s": "a", "t": "b"}\n'}[name]
    rows = table(tmp_path / name, content.encode("utf-8-sig"))
    assert texts(rows) == [(("a",), ("b",))] and not rows.columns.source[0].name.startswith("\ufeff")


@pytest.mark.parametrize("ending", ["gz", "zst"])
@pytest.mark.parametrize("pieces", [1, 3])
def test_compressed_files_read_like_plain_ones(tmp_path: Path, ending: str, pieces: int) -> None:
    compress = gzip.compress if ending == "gz" else zstandard.ZstdCompressor().compress
    content = b"".join(compress(f"a{number}\tb\n".encode() * 5000) for number in range(pieces))
    found = texts(table(tmp_path / f"a.tsv.{ending}", content))
    assert found == [((f"a{number}",), ("b",)) for number in range(pieces) for _ in range(5000)]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_compressed_file_cut_short_or_of_another_kind_is_a_mistake(tmp_path: Path, ending: str) -> None:
    compress = gzip.compress if ending == "gz" else zstandard.ZstdCompressor().compress
    mistake(tmp_path / f"a.tsv.{ending}", compress(b"a\tb\n" * 1000)[:-6])
    mistake(tmp_path / f"b.tsv.{ending}", b"a\tb\n" * 1000)


def test_csv_cells_may_hold_commas_quotes_and_line_feeds(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.csv", 's,t\r\n"a, ""b""","two\nlines"\r\nc,d\r\n')
    assert list(rows) == [Pair(('a, "b"',), ("two\nlines",), 2), Pair(("c",), ("d",), 4)]


def test_a_csv_row_with_a_cell_of_any_length_is_judged_by_max_line_like_others(tmp_path: Path) -> None:
    content = f's,t,other\na,b,c\n"{"a" * 140_000}\n",b,c\nc,d,{"e" * 140_000}\n'
    rows = table(tmp_path / "a.csv", content, "source=s,target=t")
    assert texts(rows) == [(("a",), ("b",)), (("c",), ("d",))]
    assert rows.stats.skipped_long == 1 and rows.stats.first_long == f"{rows.paths[0]}, line 3"
    assert len(texts(table(tmp_path / "a.csv", content, "source=s,target=t", max_line=150_000))) == 3


def test_reading_a_csv_leaves_the_limit_of_others_alone(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    rows = iter(table(tmp_path / "a.csv", "s,t\na,b\nc,d\n"))
    next(rows)
    assert csv.field_size_limit() == before


def test_a_quotation_that_swallows_a_csv_is_said_before_memory_runs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "LONGEST", 1000)
    said = mistake(tmp_path / "a.csv", 's,t\na,b\nc,"d\n' + "e,f\n" * 1000)
    assert "line 3: a cell is longer than 1,000 characters" in said.what and "Close every quotation" in said.remedy


def test_jsonl_takes_numbers_as_written_and_null_as_empty(tmp_path: Path) -> None:
    lines = '{"n": 1.10, "t": "x", "other": [1]}\n\n{"n": 7, "t": "y"}\n{"n": null, "t": "z"}\n'
    rows = table(tmp_path / "a.jsonl", lines, "source=n,target=t")
    assert texts(rows) == [(("1.10",), ("x",)), (("7",), ("y",))]
    assert rows.stats.skipped_empty == 1


def test_blank_sources_and_targets_are_skipped_counted_and_said(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.tsv", "a\tb\n\tb\n \tb\na\t\n\n\u3000\tb\n")
    assert len(texts(rows)) == 1 and rows.stats.skipped_empty == 5
    assert "5" in rows.stats.messages()[0] and f"{rows.paths[0]}, line 2" in rows.stats.messages()[0]


def test_a_joined_source_is_blank_only_if_all_its_columns_are(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.tsv", "a\t\tx\n\t\ty\n", "source=1+2,target=3")
    assert texts(rows) == [(("a", ""), ("x",))]


def test_long_rows_are_skipped_with_the_first_line_kept(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.tsv", f"{'a' * 10}\t{'b' * 10}\n{'a' * 11}\tb\na\t{'b' * 11}\n", max_line=10)
    assert len(texts(rows)) == 1
    assert rows.stats.skipped_long == 2 and rows.stats.first_long == f"{rows.paths[0]}, line 2"
    assert "10 characters" in rows.stats.messages()[0]


def test_a_clean_table_has_nothing_to_say(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.tsv", "a\tb\n")
    assert texts(rows) and rows.stats.messages() == []


def test_a_tab_inside_a_joined_column_becomes_a_space(tmp_path: Path) -> None:
    content = "\n".join(json.dumps({"a": "x\ty", "b": "z", "c": "u\tv"}) for _ in range(2))
    joined = table(tmp_path / "a.jsonl", content, "source=a+b,target=c")
    assert texts(joined) == [(("x y", "z"), ("u\tv",))] * 2 and joined.stats.tabs == 2
    assert texts(table(tmp_path / "a.jsonl", content, "source=a,target=c"))[0] == (("x\ty",), ("u\tv",))


def test_a_missing_file_names_the_nearest_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("a\tb\n")
    with pytest.raises(Mistake, match=r"no file .*pair\.tsv.* Did you mean 'pairs\.tsv'"):
        Table([tmp_path / "pair.tsv"])


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no folder"):
        Table([tmp_path / "none" / "pairs.tsv"])


def test_a_folder_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").mkdir()
    with pytest.raises(Mistake, match="is a folder"):
        Table([tmp_path / "x.tsv"])


@pytest.mark.parametrize("name", ["a.tsv", "a.csv", "a.jsonl"])
@pytest.mark.parametrize("content", ["", "\n", "\n\n"])
def test_an_empty_file_is_a_mistake(tmp_path: Path, name: str, content: str) -> None:
    assert any(word in mistake(tmp_path / name, content).what for word in ("empty", "blank"))


def test_a_table_without_one_usable_pair_is_a_mistake(tmp_path: Path) -> None:
    assert "there is no usable pair" in mistake(tmp_path / "a.tsv", "a\t\n").what
    assert "there is no usable pair" in mistake(tmp_path / "a.csv", "s,t\n").what


def test_a_row_with_one_column_names_its_line(tmp_path: Path) -> None:
    assert "line 2: there is one column, but the first row has 2" in mistake(tmp_path / "a.tsv", "a\tb\nc d\n").what
    assert "line 1: there is only one column" in mistake(tmp_path / "a.tsv", "a b\n").what


@pytest.mark.parametrize(
    ("name", "content", "line"), [("a.tsv", "a\tb\nc\td\te\n", 2), ("a.csv", 's,t\n"a\nb",c\nd,e,f\n', 4)]
)
def test_a_ragged_row_names_its_line(tmp_path: Path, name: str, content: str, line: int) -> None:
    assert f"line {line}" in mistake(tmp_path / name, content).what


def test_bytes_that_are_not_utf8_name_line_and_byte(tmp_path: Path) -> None:
    said = mistake(tmp_path / "a.tsv", b"a\tb\nab\t\xe9\n")
    assert "line 2, byte 4: 0xE9 is not UTF-8" in said.what and "iconv" in said.remedy


def test_three_columns_of_a_tsv_need_the_flag(tmp_path: Path) -> None:
    assert "--columns source=1,target=2" in mistake(tmp_path / "a.tsv", "a\tb\tc\n").remedy


def test_an_unknown_column_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"no column 'anser'.*Did you mean 'answer'"):
        table(tmp_path / "a.csv", "question,answer\na,b\n", "source=question,target=anser")


def test_columns_without_a_target_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="names no target"):
        table(tmp_path / "a.tsv", "a\tb\n", "source=1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"s": "a", "t": ', "not valid JSON"),
        ("[1, 2]", "not an object but a list"),
        ('{"s": "a"}', "there is no 't'"),
        ('{"s": "a", "t": ["b"]}', "'t' is a list"),
        ('{"s": "a", "t": "\\ud800"}', "surrogate"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_a_wrong_line_of_a_jsonl_names_its_line(tmp_path: Path, line: str, said: str) -> None:
    what = mistake(tmp_path / "a.jsonl", '{"s": "a", "t": "b"}\n' + line + "\n").what
    assert "line 2" in what and said in what


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('s,t\na,"b\nc,d\n', "line 2"),
        ("s,s\na,b\n", "names 's' twice"),
        ("s;t\na;b\n", "no comma"),
        ('s,t\na,"b"c\n', "line 2"),
    ],
)
def test_a_wrong_csv_is_said(tmp_path: Path, content: str, said: str) -> None:
    assert said in mistake(tmp_path / "a.csv", content).what


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("a.xlsx", "CSV"), ("a.json", ".jsonl"), ("a", ".tsv"), ("a.doc.gz", ".tsv")],
)
def test_an_unknown_ending_names_the_known_ones(tmp_path: Path, name: str, remedy: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(Mistake) as caught:
        Table([tmp_path / name])
    assert remedy in caught.value.remedy and ".tsv" in caught.value.remedy


def test_reading_follows_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a\tb\naaaa\tb\n")
    rows = Table([tmp_path / "a.tsv"], Reading.of(DataConfig(columns="source=2,target=1", max_line=3)))
    assert texts(rows) == [(("b",), ("a",))]


def test_a_zst_file_without_its_library_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtra, match=r"pip install 'unspool\[zstd\]'"):
        table(tmp_path / "a.tsv.zst", b"")
