"""The text of the first chapter: a few words in a random order, whose next letters can be counted."""

from __future__ import annotations

from collections import Counter
from random import Random

# How often each word comes. After "hel" three letters are possible, and after "ell" it depends on the word's beginning.
WORDS = {"hello": 30, "help": 20, "held": 10, "yellow": 15, "jelly": 15, "hero": 10}
# What is read before the word that the chapter follows, and that word.
BEFORE, WORD = "jelly hero ", "hello"


def greetings(words: int, seed: int) -> str:
    """A text of so many words, with a space after each."""
    return " ".join(Random(seed).choices([*WORDS], weights=[*WORDS.values()], k=words)) + " "


def next_letters(beginning: str) -> dict[str, float]:
    """The true share of each letter after the beginning of a word, in percent; a space after a whole one.

    >>> next_letters("hel")
    {'l': 50.0, 'p': 33.3, 'd': 16.7}
    """
    found = Counter[str]()
    for word, times in WORDS.items():
        ended = f"{word} "
        if ended.startswith(beginning) and len(ended) > len(beginning):
            found[ended[len(beginning)]] += times
    return {letter: round(100 * times / found.total(), 1) for letter, times in found.most_common()}
