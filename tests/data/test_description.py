from __future__ import annotations

from pathlib import Path

from unspool.data.column_stats import Lengths
from unspool.data.columns import parse_columns
from unspool.data.description import DataDescription, describe
from unspool.data.reading import Reading
from unspool.data.tables import Table


def table(path: Path, content: str, columns: str | None = None) -> Table:
    path.write_text(content)
    return Table([path], Reading(parse_columns(columns) if columns else None))


def described(folder: Path, content: str, columns: str | None = None, valid: str | None = None) -> DataDescription:
    return describe(table(folder / "a.tsv", content, columns), table(folder / "v.tsv", valid) if valid else None)


def test_rows_sources_repeats_and_several_targets_are_counted(tmp_path: Path) -> None:
    said = described(tmp_path, "a\tx\na\ty\nb\tx\nb\tx\n\tz\n")
    assert (said.rows, said.sources, said.duplicates, said.several_targets, said.skipped) == (4, 2, 1, 1, 1)


def test_a_side_tells_lengths_alphabet_and_scripts(tmp_path: Path) -> None:
    said = described(tmp_path, "aab\tбд\nabcde\tб\n")
    assert said.source.characters == Lengths(3, 3, 5, 5) and said.source.alphabet == 5
    assert said.source.commonest[0] == ("a", 3) and said.source.rarest[0][1] == 1
    assert said.source.scripts == {"Latin": 1.0} and said.target.scripts == {"Cyrillic": 1.0}


def test_each_column_gets_a_tokenizer_with_a_reason_unless_one_is_asked_for(tmp_path: Path) -> None:
    said = described(tmp_path, "ab\tcd\tef\n", "source=1:words+2,target=3")
    first, second = said.source.columns
    assert (first.column.name, first.tokenizer) == ("1", "words") and "--columns" in first.reason
    assert second.column.name == "2" and second.tokenizer and second.reason


def test_tokens_are_counted_over_all_columns(tmp_path: Path) -> None:
    said = described(tmp_path, "abc\td e\tx\n", "source=1:chars+2:words,target=3")
    assert said.source.tokens == Lengths(5, 5, 5, 5)


def test_flags_are_suggested_only_where_a_default_does_not_fit(tmp_path: Path) -> None:
    columns = "source=1:chars,target=2:chars"
    assert described(tmp_path, "abc\tdef\n", columns).settings == []
    said = described(tmp_path, f"{'a' * 1500}\t{'b' * 300}\n", columns).settings
    assert "--set data.max_source=1500" in said and not any("decoding" in flag for flag in said)
    assert "--set training.batch_symbols=32768" in said and not any("max_target" in flag for flag in said)


def test_copies_repeats_and_shared_sources_are_warned_of(tmp_path: Path) -> None:
    said = described(tmp_path, "a\ta\nb\tx\nb\tx\n", valid="a\tz\nc\tz\n").warnings
    assert any("1 (33.3 %)" in text and "same text" in text for text in said)
    assert any("repeat an earlier row" in text for text in said)
    assert any("alidation sources" in text and "1 (50.0 %)" in text for text in said)


def test_a_clean_table_has_no_warnings(tmp_path: Path) -> None:
    assert described(tmp_path, "a\tx\nb\ty\n", valid="c\tz\n").warnings == []
