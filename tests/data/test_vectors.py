"""Word vectors as text files write them, and what can be wrong with them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from unspool.data.vectors import read_vectors
from unspool.errors import Mistake

ROWS = "cat 1 2.5 -3\ndog 0 1e-2 4\n"
SYMBOLS = ["bird", "dog", "cat"]
EXPECTED = {"dog": [0, 0.01, 4], "cat": [1, 2.5, -3]}


def written(tmp_path: Path, content: str | bytes, name: str = "some.vec") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, size: int = 3) -> dict[str, list[float]]:
    places, vectors = read_vectors(path, SYMBOLS, size)
    assert vectors.shape == (len(places), size)
    return {SYMBOLS[place]: row.tolist() for place, row in zip(places, vectors, strict=True)}


GOOD = {
    "without a first line": ROWS,
    "with a first line": f"2 3\n{ROWS}",
    "with a blank at each end": ROWS.replace("\n", " \n"),
    "with carriage returns": ROWS.replace("\n", "\r\n"),
    "with other words": f"emu 7 8 9\n{ROWS}yak 1 1 1\n",
    "a word twice": f"{ROWS}cat 9 9 9\n",
    "a word with spaces": f"{ROWS}. . . 1 2 3\n",
    "a word that is a number": f"{ROWS}1984 1 2 3\n",
    "double spaces": ROWS.replace(" ", "  "),
    "tabs": ROWS.replace(" ", "\t"),
    "a word of white space": f"{ROWS}\u3000 1 2 3\n",
    "a first line with a huge count": f"{10**14} 3\n{ROWS}",
}


@pytest.mark.parametrize("kind", GOOD)
def test_vectors_of_the_wanted_words_are_found(kind: str, tmp_path: Path) -> None:
    found = read(written(tmp_path, GOOD[kind]))
    assert found.keys() == EXPECTED.keys()
    for word, row in found.items():
        np.testing.assert_allclose(row, EXPECTED[word], rtol=1e-6)


def test_a_compressed_file_is_read_as_it_is(tmp_path: Path) -> None:
    assert read(written(tmp_path, gzip.compress(ROWS.encode()), "some.vec.gz")).keys() == EXPECTED.keys()


def test_none_found_is_no_vector(tmp_path: Path) -> None:
    assert read(written(tmp_path, "emu 1 2 3\n")) == {}


BAD = {
    "another width": ("cat 1 2\n", "2 numbers each", "model.embedding_size=2"),
    "another width by its first line": (f"2 300\n{ROWS}", "300 numbers each", "model.embedding_size=300"),
    "a line too short": (f"{ROWS}emu 1 2\n", "line 3", "2 numbers and not 3"),
    "a line too long": (f"{ROWS}emu 1 2 3 4\n", "line 3", "4 numbers and not 3"),
    "an empty line": (f"{ROWS}\nemu 1 2 3\n", "line 3", "not 3"),
    "no number": ("dog 1 2 3\ncat 1 x 3\n", "line 2", "'x'"),
    "not a number": ("dog 1 2 3\ncat 1 nan 3\n", "line 2", "finite"),
    "a number too large": ("cat 1 1e300 3\n", "line 1", "finite in float32"),
    "a width of many digits": (f"2 {'9' * 5000}\n{ROWS}", "1 number", "model.embedding_size"),
    "a space of another script": ("dog 1 2 3\ncat 1 2 3\u30004 5\n", "line 2", "not 3"),
    "infinity": ("cat 1 inf 3\n", "line 1", "finite"),
    "broken UTF-8": (b"dog 1 2 3\ncaf\xe9 1 2 3\n", "line 2", "UTF-8"),
    "another kind of file": (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'", "line 1", "UTF-8"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_broken_file_is_a_mistake_that_says_where(kind: str, tmp_path: Path) -> None:
    content, *words = BAD[kind]
    path = written(tmp_path, content)
    with pytest.raises(Mistake) as caught:
        read(path)
    said = f"{caught.value.what} {caught.value.remedy}"
    assert str(path) in said and all(word in said for word in words), said


def test_a_long_number_is_shown_in_part(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="line 2") as caught:
        read(written(tmp_path, f"dog 1 2 3\ncat 1 {'x' * 5000} 3\n"))
    assert len(caught.value.what) < 500


def test_a_compressed_file_cut_short_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="truncated or damaged"):
        read(written(tmp_path, gzip.compress(ROWS.encode() * 50)[:-12], "some.vec.gz"))
