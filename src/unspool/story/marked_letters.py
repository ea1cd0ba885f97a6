"""The data of the chapter on forgetting: which letter came after the mark?

All other letters are noise, so that the answer is right only if the letter was kept over all steps that follow it.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

LETTERS, MARK = "abcdefgh", "*"
# A source has so many letters besides the mark.
SHORTEST, LONGEST = 2, 60


class MarkedLetter(NamedTuple):
    """A source, the letter after its mark, and how many letters follow that one."""

    source: str
    letter: str
    distance: int


def marked_letter(draw: Random, length: int, distance: int) -> MarkedLetter:
    """`length` random letters, with a mark before the one that `distance` others follow."""
    letters = draw.choices(LETTERS, k=length)
    place = length - 1 - distance
    source = "".join([*letters[:place], MARK, *letters[place:]])
    return MarkedLetter(source, letters[place], distance)


def marked_letters(count: int, seed: int) -> list[MarkedLetter]:
    """Of every length and distance about as many."""
    draw = Random(seed)
    lengths = (draw.randint(SHORTEST, LONGEST) for _ in range(count))
    return [marked_letter(draw, length, draw.randrange(length)) for length in lengths]


def at_distances(each: int, seed: int) -> list[MarkedLetter]:
    """`each` sources of the greatest length for every distance."""
    draw = Random(seed)
    return [marked_letter(draw, LONGEST, distance) for distance in range(LONGEST) for _ in range(each)]
