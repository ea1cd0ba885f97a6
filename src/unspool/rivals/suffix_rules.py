"""Inflection by rules of endings: the baseline without a network of the SIGMORPHON tasks (Cotterell et al. 2017).

A lemma and its form share a stem, the longest run of letters that is in both. What stands before it in the two is a
rule of beginnings. What stands after it, alone and with 1, 2, … letters of the stem, are rules of endings, counted for
each bundle of tags. A new lemma takes the rule with the longest ending that it has, of several the most frequent one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import TypeAlias

from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.fields.text import TextField
from unspool.rivals.rival import KnownPairs, Rival

# What stands in a lemma, and what in its form.
Rule: TypeAlias = tuple[str, str]


class Rules:
    """Rules of beginnings and of endings for each bundle of tags, with how often they were seen."""

    def __init__(self) -> None:
        self.beginnings: dict[str, Counter[Rule]] = defaultdict(Counter)
        self.endings: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))

    def learn(self, lemma: str, tags: str, form: str) -> None:
        """Count the rules of one form."""
        stem = SequenceMatcher(None, lemma, form, autojunk=False).find_longest_match()
        self.beginnings[tags][lemma[: stem.a], form[: stem.b]] += 1
        for kept in range(stem.size + 1):
            ending = lemma[stem.a + stem.size - kept :]
            self.endings[tags][ending][form[stem.b + stem.size - kept :]] += 1

    def form(self, lemma: str, tags: str) -> str:
        """The form; the lemma itself for tags that were never seen."""
        known = self.endings.get(tags, {})
        found = next((lemma[at:] for at in range(len(lemma) + 1) if lemma[at:] in known), None)
        if found is None:
            return lemma
        changed = lemma[: len(lemma) - len(found)] + max(known[found].items(), key=_by_count)[0]
        fitting = {rule: count for rule, count in self.beginnings[tags].items() if lemma.startswith(rule[0])}
        if not fitting:
            return changed
        (before, after), _ = max(fitting.items(), key=_by_count)
        return after + changed.removeprefix(before)

    @property
    def size(self) -> int:
        """The number of rules."""
        endings = sum(len(counts) for known in self.endings.values() for counts in known.values())
        return endings + sum(map(len, self.beginnings.values()))


def fit(known: KnownPairs) -> Rival:
    """Learn from the training pairs; a source without a column of tags is a `Mistake`."""
    split, target, rules = splitter(known), known.fields.target, Rules()
    for number, ids in enumerate(known.targets):
        rules.learn(*split(known.source_text(number)), target.decode(ids).text)
    return Rival(rules.size, lambda raw: rules.form(*split(known.fields.source.read(raw))))


def splitter(known: KnownPairs) -> Callable[[Raw], tuple[str, str]]:
    """The function that parts a source into its lemma and its tags."""
    source = known.fields.source
    kinds = source.column_kinds if isinstance(source, TextField) else []
    if sorted(kind == "tags" for kind in kinds) != [False, True]:
        what = f"Rules of endings need a lemma and its tags, and the source has {'+'.join(kinds) or source.kind}."
        raise Mistake(what, "They are left out.")
    place = kinds.index("tags")

    def split(raw: Raw) -> tuple[str, str]:
        cells = source.text_of(raw).split("\t")
        return cells[1 - place], cells[place]

    return split


def _by_count(counted: tuple[object, int]) -> int:
    return counted[1]
