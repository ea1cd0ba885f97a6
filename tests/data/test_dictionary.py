from __future__ import annotations

from pathlib import Path

import pytest

from unspool.data.dictionary import read_dictionary
from unspool.errors import Mistake


def test_the_first_translation_counts_and_blank_lines_do_not(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("house\tHaus\n\nhouse\tHeim\nof\t\n big \tgro\u00df\n", encoding="utf-8")
    assert read_dictionary(tmp_path / "words.tsv") == {"house": "Haus", "of": "", " big ": "gro\u00df"}


@pytest.mark.parametrize("line", ["alone", "one\ttwo\tthree", "\tHaus"])
def test_a_line_of_another_form_is_a_mistake_that_names_it(line: str, tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text(f"house\tHaus\n{line}\n")
    with pytest.raises(Mistake, match=r"words\.tsv, line 2"):
        read_dictionary(tmp_path / "words.tsv")
    with pytest.raises(Mistake, match="There is no file"):
        read_dictionary(tmp_path / "nowhere.tsv")


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_file_without_a_word_is_a_mistake(content: str, tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text(content)
    with pytest.raises(Mistake, match=r"words\.tsv is empty.*source word, tab, target word"):
        read_dictionary(tmp_path / "words.tsv")
