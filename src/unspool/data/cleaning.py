"""Pairs that are left out of training because they teach nothing, or the wrong thing: `data.clean`.

After the tool of Moses that does this for translation (clean-corpus-n), with duplicates, untranslated pairs and wrong
scripts besides. Lengths are counted in characters and compared with what is usual in these files, so that no language
has a rule of its own.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from unspool.config import DataConfig
from unspool.data.hashing import hash_columns
from unspool.data.splits import SplitPart
from unspool.data.tables import Pair, Pairs
from unspool.plural import counted

# Characters added to both sides before lengths are compared: short texts vary more.
SLACK = 20
# A side has a script if this share of its letters belongs to it.
ONE_SCRIPT = 0.9
# Scripts that are written together, by the first words of their letters' names in Unicode.
JAPANESE = {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"}

# Each reason and what a message says of it, in the order in which they are tried.
REASONS = {
    "identical": "with the same text on both sides",
    "long": "with a very long side (data.clean_longest)",
    "ratio": "with one side far too long for the other (data.clean_ratio)",
    "script": "with a side in another script than the rest",
    "duplicate": "that came before",
}


class Cleaned(NamedTuple):
    """The pairs that are kept, and how many were left out for each reason."""

    pairs: SplitPart
    left_out: dict[str, int]

    def message(self) -> str:
        """A message for the user."""
        kept, left = sum(self.pairs.chosen), sum(self.left_out.values())
        why = ", ".join(f"{count:,} {REASONS[reason]}" for reason, count in self.left_out.items())
        of = f"{left:,} of {counted(kept + left, 'training pair', 'training pairs')}"
        said = f"Cleaning left out {of}{': ' if why else ''}{why}"
        return f"{said}. Validation data is as it was."


def clean(pairs: Pairs | SplitPart, config: DataConfig) -> Cleaned:
    """Read the pairs twice: for what is usual, and to decide on each. If none would be left, all are kept."""
    usual = Usual.of(pairs)
    chosen, left_out = bytearray(), Counter[str]()
    for reason in _reasons(pairs, usual, config):
        chosen.append(not reason)
        if reason:
            left_out[reason] += 1
    if not any(chosen):
        chosen, left_out = bytearray([1]) * len(chosen), Counter()
    counts = {reason: left_out[reason] for reason in REASONS if left_out[reason]}
    return Cleaned(SplitPart(pairs, bytes(chosen)), counts)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in some pairs.

    ratio:   the characters of all targets for each character of the sources
    letters: the letters of each side's script, of those that occur; empty if a side has no script of its own
    """

    ratio: float
    letters: tuple[frozenset[str], frozenset[str]]

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> Usual:
        """Read the pairs once."""
        counts = Counter[str](), Counter[str]()
        for pair in pairs:
            for side, count in zip((pair.source, pair.target), counts, strict=True):
                count.update("\t".join(side))
        source, target = counts
        return cls(target.total() / max(1, source.total()), (_letters(source), _letters(target)))


def _reasons(pairs: Iterable[Pair], usual: Usual, config: DataConfig) -> Iterator[str]:
    """For each pair the first reason to leave it out; "" if there is none."""
    known = set[int]()
    for pair in pairs:
        source, target = ("\t".join(side).strip() for side in (pair.source, pair.target))
        number = hash_columns((source, "", target))
        if source.casefold() == target.casefold():
            yield "identical"
        elif max(len(source), len(target)) > config.clean_longest:
            yield "long"
        elif _unlike(len(source) * usual.ratio + SLACK, len(target) + SLACK) > config.clean_ratio:
            yield "ratio"
        elif any(_other_script(text, letters) for text, letters in zip((source, target), usual.letters, strict=True)):
            yield "script"
        elif number in known:
            yield "duplicate"
        else:
            yield ""
        known.add(number)


def _unlike(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _other_script(text: str, letters: frozenset[str]) -> bool:
    """Whether a text has letters, and none of its side's script."""
    return bool(letters) and letters.isdisjoint(text) and any(map(str.isalpha, text))


def _letters(characters: Counter[str]) -> frozenset[str]:
    """The letters of the script that nearly all letters of a side belong to; empty if there is none."""
    letters = {letter: count for letter, count in characters.items() if letter.isalpha()}
    scripts = Counter[str]()
    for letter, count in letters.items():
        scripts[script(letter)] += count
    for name, count in scripts.most_common(1):
        if count >= ONE_SCRIPT * scripts.total():
            return frozenset(letter for letter in letters if script(letter) == name)
    return frozenset()


@cache
def script(letter: str) -> str:
    """The script of a letter; Han and Kana count as one.

    >>> script("é"), script("한"), script("字"), script("か")
    ('LATIN', 'HANGUL', 'JAPANESE', 'JAPANESE')
    """
    name = unicodedata.name(letter, "").removeprefix("HALFWIDTH ").removeprefix("FULLWIDTH ").partition(" ")[0]
    return "JAPANESE" if name.partition("-")[0] in JAPANESE else name
