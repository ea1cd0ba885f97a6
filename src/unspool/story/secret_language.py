"""The task of most chapters: a children's secret language, in which every consonant is said twice with an o between.

It is known as Rövarspråket, from Astrid Lindgren's books: hello becomes hohelollolo. A letter becomes one letter or
three, so that an answer is no plain copy, and each of its letters belongs to one letter of the word.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
# Words to learn from have up to LEARNED letters, those that are asked up to LONGEST.
LEARNED, LONGEST = 10, 20


class WordPair(NamedTuple):
    """A word, and how it is said."""

    word: str
    said: str


def say_secretly(word: str) -> str:
    """A word in the secret language.

    >>> say_secretly("hello")
    'hohelollolo'
    """
    return "".join(letter if letter in VOWELS else f"{letter}o{letter}" for letter in word)


def made_up_word(draw: Random, length: int) -> str:
    """Letters as in a word: mostly a consonant and a vowel in turn, sometimes two alike."""
    letters = draw.choice((VOWELS, CONSONANTS))
    word = draw.choice(letters)
    while len(word) < length:
        chance = draw.random()
        if chance < 0.1:
            word += word[-1]
            continue
        if chance < 0.8:
            letters = VOWELS if letters == CONSONANTS else CONSONANTS
        word += draw.choice(letters)
    return word


def word_pairs(count: int, seed: int) -> list[WordPair]:
    """Words of every length that is learned, about as many of each."""
    draw = Random(seed)
    words = (made_up_word(draw, draw.randint(1, LEARNED)) for _ in range(count))
    return [WordPair(word, say_secretly(word)) for word in words]


def of_every_length(each: int, seed: int) -> list[WordPair]:
    """`each` words of every length from 2 to `LONGEST`."""
    draw = Random(seed)
    words = [made_up_word(draw, length) for length in range(2, LONGEST + 1) for _ in range(each)]
    return [WordPair(word, say_secretly(word)) for word in words]
