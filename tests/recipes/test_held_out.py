"""Tables of recipes: rows of one key are together, and a table that is there stays."""

from __future__ import annotations

from pathlib import Path

from unspool.recipes.held_out import HeldOut, HeldOutShare, KeyedLine, parts_of, tables_in, write_tables

HELD = HeldOut(HeldOutShare(0.25, 10), HeldOutShare(0.25, 3), ("word", "words"), fewest=4)


def test_shares_are_bounded_and_never_empty() -> None:
    assert [HeldOutShare(0.1, 5).of(count) for count in (1, 20, 1000)] == [1, 2, 5]


def test_the_same_keys_are_held_out_whatever_their_order() -> None:
    keys = [f"key{number}" for number in range(40)]
    parts = parts_of(keys, HELD)
    assert parts == parts_of(reversed(keys), HELD)
    assert [list(parts.values()).count(name) for name in ("test", "valid", "train")] == [10, 3, 27]


def test_tables_are_written_once(tmp_path: Path) -> None:
    rows = [KeyedLine(f"k{number % 8}", f"k{number % 8}\t{number}") for number in range(16)]
    said: list[str] = []
    tables = tables_in(tmp_path, ".tsv")
    files = write_tables(tables, lambda: rows, HELD, "a list", said.append)
    assert files.data == (tables["train"],) and files.valid == (tables["valid"],)
    assert said == ["8 words of a list; 2 held out for the metrics at the end."]
    kinds = [{line.split("\t")[0] for line in path.read_text().splitlines()} for path in tables.values()]
    assert sum(map(len, kinds)) == 8
    write_tables(tables, lambda: [], HELD, "a list", said.append)
    assert len(said) == 1
