from __future__ import annotations

from collections import Counter
from string import ascii_letters, digits

from unspool.ink.hershey import LETTERS
from unspool.ink.sentences import lines

MANY = lines(3000, seed=1)


def test_lines_differ_and_are_short_and_the_fonts_have_their_letters() -> None:
    assert len({*MANY}) == len(MANY) == 3000
    assert all(0 < len(line) <= 30 and line == line.strip() for line in MANY)
    assert {*"".join(MANY)} <= {*LETTERS}


def test_the_seed_decides() -> None:
    assert lines(50, seed=2) == lines(50, seed=2) != lines(50, seed=3)
    assert lines(50, seed=1) == MANY[:50]


def test_every_letter_is_there_often_enough_to_be_learned() -> None:
    counts = Counter("".join(MANY))
    assert min(counts[letter] for letter in (*ascii_letters, *digits, *".,!?;:'")) >= 10
