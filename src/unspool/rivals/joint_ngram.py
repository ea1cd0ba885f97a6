"""A joint n-gram transducer (Bisani & Ney 2008): pairs are aligned, and an n-gram model counts the joint symbols.

A source is answered by the likeliest sequence of joint symbols whose source sides spell it, found with a beam over its
positions. Alignments are monotone, so whatever changes the order is out of its reach.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import NamedTuple

from unspool.fields.field import Raw
from unspool.rivals.alignment import JointSymbol, align
from unspool.rivals.ngram import NgramModel, as_string
from unspool.rivals.rival import KnownPairs, Rival

ORDER, BEAM, MOST_CHOICES = 6, 8, 12
# A source symbol that was never aligned is left out, at this price in nats.
LEFT_OUT = -20.0


class Partial(NamedTuple):
    """An answer so far: its log-probability, its last joint symbols, and its target ids."""

    score: float
    history: str
    target: tuple[int, ...]


class Transducer:
    """Joint symbols by their source side, most frequent first, and their n-gram model."""

    def __init__(self, alignments: list[list[JointSymbol]]) -> None:
        counts = Counter(symbol for alignment in alignments for symbol in alignment)
        self.numbers = {symbol: number for number, symbol in enumerate(counts, 1)}
        self.choices: dict[tuple[int, ...], list[tuple[str, tuple[int, ...]]]] = defaultdict(list)
        for (source, target), _ in counts.most_common():
            if len(self.choices[source]) < MOST_CHOICES:
                self.choices[source].append((as_string([self.numbers[source, target]]), target))
        self.end = as_string([0])
        self.model = NgramModel(ORDER, len(self.numbers) + 1)
        for alignment in alignments:
            self.model.count(self.end + as_string(map(self.numbers.__getitem__, alignment)) + self.end, begin=1)

    def answer(self, source: list[int]) -> tuple[int, ...]:
        """The target ids of the best sequence of joint symbols."""
        beams: list[dict[str, Partial]] = [{} for _ in range(len(source) + 1)]
        beams[0] = {self.end: Partial(0.0, self.end, ())}
        for place in range(len(source)):
            for partial in sorted(beams[place].values(), reverse=True)[:BEAM]:
                for read in (1, 2):
                    choices = self.choices.get(tuple(source[place : place + read]), [])
                    if place + read <= len(source):
                        self._extend(partial, choices, beams[place + read])
                if tuple(source[place : place + 1]) not in self.choices:
                    _keep(partial._replace(score=partial.score + LEFT_OUT), beams[place + 1])
        ends = [(each.score + math.log(self.model.prob(each.history, self.end)), each) for each in beams[-1].values()]
        return max(ends)[1].target

    def _extend(self, partial: Partial, choices: list[tuple[str, tuple[int, ...]]], beam: dict[str, Partial]) -> None:
        for symbol, target in choices:
            score = partial.score + math.log(self.model.prob(partial.history, symbol))
            history = (partial.history + symbol)[1 - ORDER :]
            _keep(Partial(score, history, partial.target + target), beam)


def fit(known: KnownPairs) -> Rival:
    """Align the training pairs, and count."""
    source, target = known.fields
    transducer = Transducer(align(known.sources, known.targets))

    def answer(raw: Raw) -> str:
        return target.decode(transducer.answer(source.encode(raw).tolist())).text

    return Rival(transducer.model.size, answer)


def _keep(partial: Partial, beam: dict[str, Partial]) -> None:
    """Keep the better of two answers with one history: their futures are the same."""
    other = beam.get(partial.history)
    if other is None or partial > other:
        beam[partial.history] = partial
