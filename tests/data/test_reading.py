"""Which columns are read: by the names of a header, wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspool.config import DataConfig
from unspool.data.columns import Columns, parse_columns
from unspool.data.dialect import Dialect
from unspool.data.inputs import Files
from unspool.data.reading import Reading, reading_as
from unspool.data.sources import read_sources
from unspool.data.tables import Table
from unspool.errors import Mistake

KNOWN = parse_columns("source=English,target=Korean")
ROW = ("hello", "안녕")


def rows(path: Path, content: str, reading: Reading) -> list[tuple[str, str]]:
    path.write_text(content, encoding="utf-8")
    return [(pair.source[0], pair.target[0]) for pair in Table([path], reading)]


TURNED = {
    "a.csv": "Korean,English\n안녕,hello\n",
    "b.csv": "id,English,Korean\n7,hello,안녕\n",
    "c.csv": ",English,Korean\n0,hello,안녕\n",
    "d.jsonl": '{"Korean": "안녕", "n": 1, "English": "hello"}\n',
    "e.tsv": "Korean\tEnglish\n안녕\thello\n",
    "f.tsv": "id\tEnglish\tKorean\n7\thello\t안녕\n",
    "g.tsv": "hello\t안녕\n",  # without a header, by position as ever
}


@pytest.mark.parametrize("name", TURNED)
def test_columns_of_training_are_found_by_name(name: str, tmp_path: Path) -> None:
    assert rows(tmp_path / name, TURNED[name], Reading(known=KNOWN)) == [ROW]
    assert list(read_sources(tmp_path / name, Reading(known=KNOWN))) == ["hello"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_missing_column_is_named(name: str, tmp_path: Path) -> None:
    content = "English,Corean\nhello,x\n" if name == "a.csv" else '{"English": "hello", "Corean": "x"}\n'
    with pytest.raises(Mistake, match=r"no column 'Korean', which was the target in training.*English, Corean"):
        rows(tmp_path / name, content, Reading(known=KNOWN))
    assert list(read_sources(tmp_path / name, Reading(known=KNOWN))) == ["hello"]  # sources alone need no target


def test_later_files_and_validation_data_have_the_names_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("s,t\na,b\n")
    (tmp_path / "b.csv").write_text("t,s\nd,c\n")
    train, valid = Files((tmp_path / "a.csv", tmp_path / "b.csv"), (tmp_path / "b.csv",)).open(Reading())
    assert [pair[:2] for pair in train] == [(("a",), ("b",)), (("c",), ("d",))]
    assert valid is not None and [pair[:2] for pair in valid] == [(("c",), ("d",))]
    assert train.reading.known is not None and train.reading.known.names == {"source": ["s"], "target": ["t"]}


def test_numbers_that_are_asked_for_are_names_from_the_first_file_on(tmp_path: Path) -> None:
    reading = Reading(parse_columns("source=2,target=1:chars"))
    assert rows(tmp_path / "a.csv", "Korean,English\n안녕,hello\n", reading) == [ROW]
    table = Table([tmp_path / "a.csv"], reading)
    assert table.reading.known is not None and table.reading.known.names["source"] == ["English"]
    (tmp_path / "b.tsv").write_text("a\tb\n")
    assert Table([tmp_path / "b.tsv"], reading).reading.known is None


HEADERS = [
    ("a.tsv", "s\tt\na\tb\n", "yes", [("a", "b")]),
    ("a.tsv", "s\tt\na\tb\n", "auto", [("s", "t"), ("a", "b")]),
    ("a.csv", "s,t\na,b\n", "no", [("s", "t"), ("a", "b")]),
    ("a.csv", "s,s\na,b\n", "no", [("s", "s"), ("a", "b")]),
    ("a.csv", "s,t\na,b\n", "auto", [("a", "b")]),
]


@pytest.mark.parametrize(("name", "content", "header", "expected"), HEADERS)
def test_the_header_can_be_said(name: str, content: str, header: str, expected: object, tmp_path: Path) -> None:
    assert rows(tmp_path / name, content, Reading.of(DataConfig(header=header))) == expected


def test_a_first_row_with_the_names_that_are_asked_for_is_a_header(tmp_path: Path) -> None:
    reading = Reading(KNOWN)
    assert rows(tmp_path / "a.tsv", "Korean\tEnglish\n안녕\thello\n", reading) == [ROW]


@pytest.mark.parametrize(
    ("name", "content", "delimiter"),
    [
        ("a.csv", 's;t\n"a;b";c\n', "semicolon"),
        ("a.csv", "s\tt\na;b\tc\n", "tab"),
        ("a.tsv", "a;b|c\n", "|"),
        ("a.tsv", "a;b,c\n", "comma"),
    ],
)
def test_cells_are_separated_as_is_said(name: str, content: str, delimiter: str, tmp_path: Path) -> None:
    assert rows(tmp_path / name, content, Reading.of(DataConfig(delimiter=delimiter))) == [("a;b", "c")]


@pytest.mark.parametrize("delimiter", ["", "ab", "\n", '"'])
def test_a_delimiter_is_one_character(delimiter: str) -> None:
    with pytest.raises(Mistake, match="delimiter"):
        Reading.of(DataConfig(delimiter=delimiter))


def test_a_csv_with_semicolons_names_the_flag(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="--delimiter semicolon"):
        rows(tmp_path / "a.csv", "s;t\na;b\n", Reading())


def test_many_names_cost_little_and_are_not_all_listed(tmp_path: Path) -> None:
    header = ",".join(f"column{number}" for number in range(60_000))
    with pytest.raises(Mistake, match="60,000 columns") as caught:
        rows(tmp_path / "a.csv", f"{header}\n", Reading())
    assert len(str(caught.value)) < 1000
    with pytest.raises(Mistake, match="no column 'x'") as caught:
        rows(tmp_path / "a.csv", f"{header}\n", Reading(parse_columns("source=x,target=column3")))
    assert len(str(caught.value)) < 5000
    with pytest.raises(Mistake, match="at most 100,000 are read"):
        rows(tmp_path / "a.tsv", "\t" * 200_000 + "a\n", Reading())


def test_lines_that_a_person_types_have_no_header_unless_it_is_said(tmp_path: Path) -> None:
    config, given = DataConfig(header="yes", delimiter=";", encoding="cp949"), dict.fromkeys(("header", "columns"))
    assert reading_as(config, KNOWN, given).dialect == Dialect("yes", ";", None)
    assert reading_as(config, KNOWN, given, typed=True).dialect == Dialect("auto", None, None)
    assert reading_as(config, KNOWN, {"header": "yes"}, typed=True).dialect.headed
    assert reading_as(config, KNOWN, {"columns": "source=1"}).known is None


def test_names_are_stored_and_come_back() -> None:
    assert Columns.named(KNOWN.names) == KNOWN
