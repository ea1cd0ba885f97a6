"""Made-up pairs beside the real ones (Anastasopoulos & Neubig 2019, "Pushing the limits of low-resource inflection").

What a source and its target share, such as the stem of a lemma and its form, says little about what changes between
them. It is replaced by random letters, the same ones on both sides: `hoffen, V.PTCP → gehofft` becomes
`loffen, V.PTCP → gelofft`. So a network learns that stems are copied, whatever their letters are.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from unspool.data.corpus import RawPair
from unspool.errors import Mistake

# The fewest characters that both sides must share; the share of letters that is replaced; and how many of the last ones
# of what is shared stay, because endings depend on them.
SHORTEST, REPLACED, KEPT = 3, 0.8, 1
# As many are made up as there are real ones, but at most so many, since a large table teaches by itself that stems are
# copied; and none where fewer than this share of the pairs fit.
MOST, ENOUGH = 10_000, 0.5
# Of the parts of a word, and of what is said about its form.
LETTERS, TAGS = ("chars", "jamo"), "tags"


class Letters(NamedTuple):
    """The letters of the sources, without capitals, and how often each occurs."""

    letters: list[str]
    counts: list[int]


def hallucinated(pairs: Sequence[RawPair], count: int, seed: int) -> Iterator[RawPair]:
    """`count` made-up pairs: each is a real pair, drawn at random, with other letters in what its sides share.

    Of several columns of a source, the first one is changed. Pairs that share too little are a `Mistake`.
    """
    draw, letters, suited = random.Random(seed), _letters(pairs), fitting(pairs)
    if not suited or not letters.letters:
        what = f"No source shares {SHORTEST} letters with its target, so no pairs can be made up."
        raise Mistake(what, "Leave data.hallucinate out: it is for targets that repeat most of their source.")
    return (_changed(pair, draw, letters) for pair in draw.choices(suited, k=count))


def inflects(source: Sequence[str], target: Sequence[str]) -> bool:
    """Whether columns with these tokenizers are a lemma and its tags, and a form."""
    return len(source) > 1 and source[0] in LETTERS and TAGS in source[1:] and [*target] in [[one] for one in LETTERS]


def recommended_share(pairs: Sequence[RawPair]) -> float:
    """How many pairs to make up for each real one of a table of forms."""
    return round(min(1.0, MOST / len(pairs)), 3) if len(fitting(pairs)) >= ENOUGH * max(1, len(pairs)) else 0.0


def fitting(pairs: Sequence[RawPair]) -> list[RawPair]:
    """The pairs whose sides share enough that others can be made up from them."""
    return [pair for pair in pairs if _shared(*_sides(pair)) is not None]


def _changed(pair: RawPair, draw: random.Random, letters: Letters) -> RawPair:
    source, target = _sides(pair)
    shared = _shared(source, target)
    assert shared is not None, "only fitting pairs are drawn"
    at, among, size = shared
    changing, kept = source[at : at + size - KEPT], source[at + size - KEPT : at + size]
    stem = "".join(_other(letter, draw, letters) for letter in changing) + kept
    rest = pair.source[len(source) :]
    made = source[:at] + stem + source[at + size :]
    return RawPair(made + rest, target[:among] + stem + target[among + size :], pair.line)


def _other(letter: str, draw: random.Random, letters: Letters) -> str:
    if not _is_replaced(letter) or draw.random() >= REPLACED:
        return letter
    return draw.choices(letters.letters, letters.counts)[0]


def _shared(source: str, target: str) -> tuple[int, int, int] | None:
    """Where the longest run of characters in both begins on each side, and its length; None if it is too short."""
    found = SequenceMatcher(None, source, target, autojunk=False).find_longest_match()
    return (found.a, found.b, found.size) if found.size >= SHORTEST else None


def _sides(pair: RawPair) -> tuple[str, str]:
    """The first column of the source, and the target."""
    return pair.source.partition("\t")[0], pair.target


def _letters(pairs: Sequence[RawPair]) -> Letters:
    counts = Counter(letter for pair in pairs for letter in _sides(pair)[0] if _is_replaced(letter))
    return Letters(list(counts), list(counts.values()))


def _is_replaced(letter: str) -> bool:
    """A letter that is no capital: many scripts have no small letters."""
    return letter.isalpha() and not letter.isupper()
