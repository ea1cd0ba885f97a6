"""The rival of running text: bits per character from the symbols before, by an n-gram model."""

from __future__ import annotations

import numpy as np

from unspool.ngrams.kneser_ney import NgramModel
from unspool.rivals.rival import KnownPairs, Rival
from unspool.types import FIRST_EMITTED, Dimension

# Symbols of context and the predicted one together, and the most symbols of a text that are counted.
ORDER, MOST = 7, 1_500_000


def fit(known: KnownPairs) -> Rival:
    """Count the symbols of a text after those before them."""
    vocabulary = symbols_of(known.fields.target.dimension) - FIRST_EMITTED
    counted = np.concatenate(known.targets)[-MOST:] - FIRST_EMITTED
    model = NgramModel.fit([counted.tolist()], ORDER, vocabulary)
    encode = known.fields.target.encode

    def log_prob(before: str, text: str) -> float:
        read, written = ((encode(part) - FIRST_EMITTED).tolist() for part in (before, text))
        return model.log_likelihood(written, read)

    return Rival(model.size, log_prob=log_prob)


def symbols_of(dimension: Dimension) -> int:
    """The number of ids of a side of symbols."""
    count: int = dimension.count  # type: ignore[union-attr]
    return count
