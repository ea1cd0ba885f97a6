"""Made-up reviews of a restaurant in English and in Korean, good or bad: the documents of one chapter.

One or two sentences decide, and they agree. The others say nothing, or praise and blame what has nothing to do with the
restaurant. So a network must find out which sentences count, and that "not bad" is good.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import NamedTuple

SENTENCES = (4, 6)
LABELS = {True: "good", False: "bad"}
# How often a verdict is said by its opposite and a "not".
NEGATED = 0.3


class Review(NamedTuple):
    """A text of several sentences, its label, and the numbers of the sentences that decide it."""

    text: str
    label: str
    deciding: tuple[int, ...]


def reviews(language: str, count: int, seed: int) -> list[Review]:
    """So many reviews in English (`en`) or Korean (`ko`), about half of them good."""
    draw, phrases = Random(seed), _phrases()[language]
    return [_review(draw, phrases) for _ in range(count)]


def _review(draw: Random, phrases: dict[str, list[str]]) -> Review:
    good = draw.random() < 0.5
    length, decisive = draw.randint(*SENTENCES), draw.choice((1, 1, 2))
    sentences = [_verdict(draw, phrases, "things", good) for _ in range(decisive)]
    sentences.append(_verdict(draw, phrases, "others", draw.random() < 0.5))
    sentences += draw.sample(phrases["neutral"], length - len(sentences))
    order = draw.sample(range(length), length)
    text = " ".join(f"{sentences[number]}." for number in order)
    return Review(text, LABELS[good], tuple(place for place, number in enumerate(order) if number < decisive))


def _verdict(draw: Random, phrases: dict[str, list[str]], about: str, good: bool) -> str:
    thing = draw.choice(phrases[about])
    if draw.random() < NEGATED:
        return f"{thing} {draw.choice(phrases['not_bad' if good else 'not_good'])}"
    degree, verdict = draw.choice(phrases["degrees"]), draw.choice(phrases["good" if good else "bad"])
    return " ".join(word for word in (thing, degree, verdict) if word)


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("unspool.story") / "reviews.toml").read_text(encoding="utf-8"))
