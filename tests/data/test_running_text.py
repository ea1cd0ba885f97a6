from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.data.corpus import collate
from unspool.data.running_text import BEFORE, PIECE, pieces, read_text, split_text, windows
from unspool.errors import Mistake
from unspool.fields.padding import Flat
from unspool.fields.registry import Fields
from unspool.fields.running_text import RunningTextField
from unspool.text.chars import CharTokenizer


def test_files_are_read_one_after_the_other_with_their_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\n\ntwo, a\ttab")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress("drei ü\n".encode()))
    assert read_text([tmp_path / "a.txt", tmp_path / "b.txt.gz"]) == "one\r\n\ntwo, a\ttabdrei ü\n"


def test_an_empty_file_is_a_mistake_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(Mistake, match=r"a\.txt: there is no text"):
        read_text([tmp_path / "a.txt"])


@given(st.text(min_size=2, max_size=50), st.floats(0.01, 0.99))
def test_the_last_part_is_held_out_and_nothing_is_lost(text: str, share: float) -> None:
    rest, held_out = split_text(text, share)
    assert rest + held_out == text and rest and held_out
    assert abs(len(held_out) - share * len(text)) <= 1


def test_one_character_cannot_be_split() -> None:
    with pytest.raises(Mistake, match="One character"):
        split_text("a", 0.5)


@pytest.mark.parametrize("size", [1, 3, 4, 10, 11])
def test_windows_hold_every_symbol_once_and_read_nothing(size: int) -> None:
    ids = np.arange(4, 14, dtype=np.uint8)
    field = RunningTextField(CharTokenizer.fit(["abcdefghij"]))
    corpus = windows(Flat(ids, np.array([len(ids)])), size, Fields(field, field))
    found = [corpus.targets[number].tolist() for number in range(len(corpus))]
    assert [symbol for window in found for symbol in window] == ids.tolist()
    assert {len(window) for window in found[:-1]} <= {size} and 0 < len(found[-1]) <= size
    batch = collate(corpus, np.arange(len(corpus)))
    assert not batch.source.lengths.any() and batch.source.values.shape == (len(corpus), 1)


@pytest.mark.parametrize("length", [1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_pieces_hold_every_character_once_after_what_stands_before_it(length: int) -> None:
    text = "".join("abc\n"[n % 4] if n % 7 else chr(200 + n % 50) for n in range(length))
    found = pieces(text)
    assert "".join(piece for example in found for piece in example.references) == text
    begin = 0
    for example in found:
        assert example.source == text[:begin][-BEFORE:] and example.line == 1 + text.count("\n", 0, begin)
        begin += len(example.references[0])
