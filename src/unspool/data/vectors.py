"""Word vectors in the text formats of word2vec, GloVe and fastText: a word and its numbers on each line.

word2vec and fastText begin with a line of two whole numbers: the number of words and the width of the vectors. A word
may contain spaces, as a few of GloVe's do, so the numbers are counted from the end of the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from unspool.data.files import read_lines
from unspool.errors import Mistake
from unspool.types import Array

# The most digits of a count in a header.
LONGEST_COUNT = 15
# The characters of a wrong number that a message shows.
SHOWN = 100


def read_vectors(path: Path, symbols: Sequence[str], size: int) -> tuple[Array, Array]:
    """The positions `[n]` of the symbols that the file holds, and their vectors `[n, size]`.

    Only the lines of these symbols are parsed. If a word occurs twice, the first line counts. A file with vectors of
    another width, a line of another length and an invalid number are each a `Mistake` that names the line.
    """
    wanted = {symbol: place for place, symbol in enumerate(symbols)}
    found: dict[int, list[float]] = {}
    for number, line in enumerate(read_lines(path), 1):
        text = line.rstrip()
        if number == 1:
            check_width(path, text.split(), size)
            if is_header(text.split()):
                continue
        word = word_of(text, size, f"{path}, line {number}")
        place = wanted.get(word)
        if place is not None and place not in found:
            found[place] = numbers_of(text[len(word) :], f"{path}, line {number}")
            if len(found[place]) != size:  # where a space is not ASCII's
                what = f"{path}, line {number}: there are {len(found[place]):,} numbers and not {size:,}."
                raise Mistake(what, "Correct or remove that line.")
    return np.array([*found], dtype=np.int64), np.array([*found.values()], dtype=np.float32).reshape(-1, size)


def is_header(fields: Sequence[str]) -> bool:
    """Whether a line holds the number and the width of the vectors."""
    return len(fields) == 2 and all(field.isdecimal() and len(field) <= LONGEST_COUNT for field in fields)


def check_width(path: Path, fields: Sequence[str], size: int) -> None:
    """Raise a `Mistake` if the first line of a file shows vectors of another size."""
    width = int(fields[1]) if is_header(fields) else len(fields) - 1
    if width != size:
        what = f"The vectors in {path} have {width} numbers each, and the model's embeddings have {size}."
        raise Mistake(what, f"Make them equal: --set model.embedding_size={width}, or give another file.")


def word_of(text: str, size: int, where: str) -> str:
    """The word at the beginning of a line of `size` numbers."""
    if text.count(" ") == size and "  " not in text:
        return text[: text.index(" ")]
    fields = text.rsplit(maxsplit=size)
    if len(fields) == size and text[0].isspace():
        return ""  # the word is white space
    word = fields[0] if fields else ""
    if len(fields) <= size or (" " in word and is_number(word.split()[-1])):
        count = max(0, len(text.split()) - 1)
        raise Mistake(f"{where}: there are {count:,} numbers and not {size:,}.", "Correct or remove that line.")
    return word


def is_number(text: str) -> bool:
    """Whether a text can be read as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def numbers_of(text: str, where: str) -> list[float]:
    """The finite numbers of a text, separated by spaces."""
    try:
        numbers = [float(field) for field in text.split()]
    except ValueError as error:
        raise Mistake(f"{where}: {str(error)[:SHOWN]}.", "Correct or remove that line.") from None
    if not (np.abs(numbers) <= np.finfo(np.float32).max).all():
        raise Mistake(f"{where}: one of the numbers is not finite in float32.", "Correct or remove that line.")
    return numbers
