"""A joint n-gram model of pairs (Bisani & Ney 2008, "Joint-sequence models for grapheme-to-phoneme conversion", Speech
Communication 50): pairs are aligned, and an n-gram model counts the joint symbols.

    p(S, T) = Σ p(q_1 … q_K) over all ways to cut the pair into joint symbols q,

each one or two source symbols with none, one or two target symbols. Alignments are monotone, so whatever changes the
order is out of its reach.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self, TypeVar

from unspool.ngrams.alignment import JointSymbol, align
from unspool.ngrams.kneser_ney import BOUNDARY, NgramModel
from unspool.types import Array

K = TypeVar("K")

ORDER, BEAM, MOST_CHOICES = 6, 16, 12
# A source symbol that was never aligned is left out, at this price in nats.
LEFT_OUT = -20.0


class JointChoice(NamedTuple):
    """A joint symbol for a source side: its number, and the target ids that it writes."""

    number: int
    target: tuple[int, ...]


class JointNgram:
    """Joint symbols by their source side, most frequent first, and their n-gram model.

    symbols: those with the numbers 1, 2, …, most frequent first
    """

    def __init__(self, symbols: Sequence[JointSymbol], model: NgramModel) -> None:
        self.symbols, self.model = symbols, model
        self.choices: dict[tuple[int, ...], list[JointChoice]] = defaultdict(list)
        for number, (source, target) in enumerate(symbols, 1):
            if len(self.choices[source]) < MOST_CHOICES:
                self.choices[source].append(JointChoice(number, target))
        _, self._start = model.step(0, BOUNDARY)

    @classmethod
    def fit(cls, sources: Sequence[Array], targets: Sequence[Array]) -> Self:
        """Align pairs of ids, and count. Pairs that cannot be aligned are left out."""
        alignments = align(sources, targets)
        symbols = [symbol for symbol, _ in Counter(each for one in alignments for each in one).most_common()]
        numbers = {symbol: number for number, symbol in enumerate(symbols, 1)}
        sequences = [[BOUNDARY, *map(numbers.__getitem__, one), BOUNDARY] for one in alignments]
        return cls(symbols, NgramModel.fit(sequences, ORDER, len(symbols) + 1, begin=1))

    def log_prob(self, source: Sequence[int], target: Sequence[int]) -> float:
        """log p(S, T) in nats; -inf if the pair cannot be cut into known joint symbols."""
        reached: list[dict[tuple[int, int], float]] = [{} for _ in range(len(source) + 1)]
        reached[0][0, self._start] = 0.0
        for place, after, choice in self._moves(source):
            if choice is None:
                for key, log_prob in reached[place].items():
                    _add(reached[after], key, log_prob + LEFT_OUT)
                continue
            for (written, state), log_prob in reached[place].items():
                end = written + len(choice.target)
                if choice.target == tuple(target[written:end]):
                    step, following = self.model.step(state, choice.number)
                    _add(reached[after], (end, following), log_prob + step)
        ends = [
            log_prob + self.model.step(state, BOUNDARY)[0]
            for (written, state), log_prob in reached[-1].items()
            if written == len(target)
        ]
        return _log_sum(ends)

    def answer(self, source: Sequence[int]) -> tuple[int, ...]:
        """The target ids of the likeliest answer that a beam over the places of the source finds."""
        return next(iter(self.answers(source, 1)), ())

    def answers(self, source: Sequence[int], most: int) -> list[tuple[int, ...]]:
        """The target ids of the likeliest answers that a beam over the places of the source finds, likeliest first."""
        beams: list[dict[tuple[tuple[int, ...], int], float]] = [{} for _ in range(len(source) + 1)]
        beams[0][(), self._start] = 0.0
        kept: dict[int, list[tuple[tuple[tuple[int, ...], int], float]]] = {}
        for place, after, choice in self._moves(source):
            if place not in kept:
                kept[place] = sorted(beams[place].items(), key=lambda one: -one[1])[:BEAM]
            for (target, state), log_prob in kept[place]:
                if choice is None:
                    _add(beams[after], (target, state), log_prob + LEFT_OUT)
                else:
                    step, following = self.model.step(state, choice.number)
                    _add(beams[after], (target + choice.target, following), log_prob + step)
        answers: dict[tuple[int, ...], float] = {}
        for (target, state), log_prob in beams[-1].items():
            _add(answers, target, log_prob + self.model.step(state, BOUNDARY)[0])
        return sorted(answers, key=answers.__getitem__, reverse=True)[:most]

    def _moves(self, source: Sequence[int]) -> Iterator[tuple[int, int, JointChoice | None]]:
        """From each place, in order: the place after it and the joint symbol between; None if a symbol is left out."""
        ids = tuple(int(number) for number in source)
        for place in range(len(ids)):
            for after in range(place + 1, min(place + 2, len(ids)) + 1):
                for choice in self.choices.get(ids[place:after], ()):
                    yield place, after, choice
            if ids[place : place + 1] not in self.choices:
                yield place, place + 1, None


def _add(sums: dict[K, float], key: K, log_prob: float) -> None:
    """Add a probability to a sum of logarithms."""
    known = sums.get(key)
    if known is None:
        sums[key] = log_prob
    else:
        high, low = max(known, log_prob), min(known, log_prob)
        sums[key] = high + math.log1p(math.exp(low - high))


def _log_sum(log_probs: Sequence[float]) -> float:
    highest = max(log_probs, default=-math.inf)
    if highest == -math.inf:
        return highest
    return highest + math.log(math.fsum(math.exp(one - highest) for one in log_probs))
