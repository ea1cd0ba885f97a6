"""An n-gram model with Witten–Bell smoothing (Witten & Bell 1991), and the rival of running text that it makes.

After a context h, a new symbol is as likely as kinds of symbols have followed it: with c(h) symbols of T(h) kinds,

    p(w | h) = (c(h, w) + T(h) · p(w | h')) / (c(h) + T(h)),   h' = h without its first symbol,

down to the empty context, below which all symbols are equally likely. Each distribution sums to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from unspool.rivals.rival import KnownPairs, Rival
from unspool.types import FIRST_EMITTED, Dimension

# Symbols of context and the predicted one together, and the most symbols of a text that are counted.
ORDER, MOST = 7, 1_500_000
# The first character of a string of ids: numbers below the surrogates are rarely enough, and above there is room.
_FIRST = 0xE000


def as_string(ids: Iterable[int]) -> str:
    """Ids as characters: strings are Python's fastest sequences to slice and to hash."""
    return "".join(chr(_FIRST + number) for number in ids)


class NgramModel:
    """Counts of what followed each context. vocabulary: how many symbols are possible."""

    def __init__(self, order: int, vocabulary: int) -> None:
        self.order, self.vocabulary = order, vocabulary
        self.counts: dict[str, dict[str, int]] = {}
        self._sums: dict[str, tuple[int, int]] = {}

    def count(self, text: str, begin: int = 0) -> None:
        """Count every symbol of a string of ids from `begin` on, after all its contexts."""
        counts = self.counts
        for place in range(begin, len(text)):
            symbol = text[place]
            for start in range(max(0, place - self.order + 1), place + 1):
                followers = counts.setdefault(text[start:place], {})
                followers[symbol] = followers.get(symbol, 0) + 1
        self._sums.clear()

    def prob(self, context: str, symbol: str) -> float:
        """The probability of a symbol after a context, of which the last order − 1 symbols count."""
        context = context[max(0, len(context) - self.order + 1) :]
        probability = 1.0 / self.vocabulary
        for start in range(len(context), -1, -1):
            followers = self.counts.get(context[start:])
            if followers is None:
                break  # longer contexts were not seen either
            total, kinds = self._sum(context[start:], followers)
            probability = (followers.get(symbol, 0) + kinds * probability) / (total + kinds)
        return probability

    @property
    def size(self) -> int:
        """The number of counts."""
        return sum(map(len, self.counts.values()))

    def _sum(self, context: str, followers: dict[str, int]) -> tuple[int, int]:
        if context not in self._sums:
            self._sums[context] = sum(followers.values()), len(followers)
        return self._sums[context]


def fit(known: KnownPairs) -> Rival:
    """The rival of running text: bits per character from the last `ORDER` − 1 symbols."""
    model = NgramModel(ORDER, symbols_of(known.fields.target.dimension) - FIRST_EMITTED)
    model.count(as_string(number for window in known.targets for number in window.tolist())[-MOST:])
    encode = known.fields.target.encode

    def log_prob(before: str, text: str) -> float:
        read, written = (as_string(encode(part).tolist()) for part in (before, text))
        return log_likelihood(model, read + written, len(read))

    return Rival(model.size, log_prob=log_prob)


def log_likelihood(model: NgramModel, text: str, begin: int) -> float:
    """Nats of the symbols of a string of ids from `begin` on."""
    places: Sequence[int] = range(begin, len(text))
    return sum(math.log(model.prob(text[max(0, at - model.order + 1) : at], text[at])) for at in places)


def symbols_of(dimension: Dimension) -> int:
    """The number of ids of a side of symbols."""
    count: int = dimension.count  # type: ignore[union-attr]
    return count
