"""Lines to write, from the documentation that comes with Python: parts of sentences, and rows of rare words."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from string import ascii_letters

import numpy as np

# A line in every so many is of words in any order, so that rare letters and capitals are seen.
ONE_IN = 4
PUNCTUATION = ".,;:!?'-()"
_SENTENCE = re.compile(rf"[A-Z][A-Za-z0-9 {re.escape(PUNCTUATION)}]{{20,400}}?[.!?](?=\s|$)")
_WORD = re.compile(r"[A-Za-z]{2,12}")


def lines(count: int, seed: int, longest: int = 30) -> list[str]:
    """So many different lines of at most `longest` characters, in an order that the seed decides."""
    draw = np.random.default_rng(seed)
    sentences = _sentences()
    words = sorted({word for sentence in sentences for word in _WORD.findall(sentence)})
    parts = [part for sentence in sentences for part in textwrap.wrap(sentence, longest) if len(part) > longest // 3]
    known = dict.fromkeys(parts[number] for number in draw.permutation(len(parts)))
    rows = _rows(words, draw, longest)
    found: dict[str, None] = {}
    for number, part in enumerate(known, 1):
        found[part] = None
        if number % ONE_IN == ONE_IN - 1:
            found[next(rows)] = None
        if len(found) >= count:
            break
    while len(found) < count:
        found[next(rows)] = None
    return list(found)[:count]


def _rows(words: Sequence[str], draw: np.random.Generator, longest: int) -> Iterator[str]:
    """Rows of words up to a random length."""
    while True:
        row, end = "", int(draw.integers(longest // 3, longest + 1))
        while len(row) < end:
            row = f"{row} {_word(words, draw)}".lstrip()
        yield row[:end].strip()


def _word(words: Sequence[str], draw: np.random.Generator) -> str:
    """A word; some are capitalised or in capitals, some are numbers or any letters, and some end with a sign."""
    kinds = ("plain", "capitalised", "capitals", "number", "letters")
    kind = kinds[int(draw.choice(len(kinds), p=(0.55, 0.22, 0.05, 0.1, 0.08)))]
    word = words[int(draw.integers(len(words)))]
    match kind:
        case "capitalised":
            word = word.capitalize()
        case "capitals":
            word = word.upper()
        case "number":
            word = str(int(draw.integers(10_000)))
        case "letters":
            word = "".join(ascii_letters[int(place)] for place in draw.integers(len(ascii_letters), size=4))
    return word + (PUNCTUATION[int(draw.integers(6))] if draw.random() < 0.2 else "")


def _sentences() -> list[str]:
    """Sentences of letters, digits and common signs, without code."""
    from pydoc_data.topics import topics

    found: dict[str, None] = {}
    for topic in sorted(topics):
        for paragraph in topics[topic].split("\n\n"):
            text = " ".join(paragraph.split()).replace('"', "").replace("*", "")
            found |= dict.fromkeys(_SENTENCE.findall(text))
    return list(found)
