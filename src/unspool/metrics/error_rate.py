"""Symbol error rate: edits (insertions, deletions, substitutions) to the nearest listed answer, over its length.

With characters this is CER, with phonemes PER, with words WER in the sense of speech recognition. The rate of a corpus
is the sum of the edits over the sum of the lengths, so it can exceed one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from unspool.types import Array

Symbols = Sequence[Hashable]


def symbol_errors(predictions: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> tuple[Array, Array]:
    """Edits `[N]` to each source's nearest listed answer, and the length `[N]` of that answer.

    Nearest is fewest edits; among equals the longest is taken, whatever the order of the list. Each source needs at
    least one answer.
    """
    pairs = [_nearest(guess, listed) for guess, listed in zip(predictions, references, strict=True)]
    edits, lengths = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return edits, lengths


def symbol_error_rate(predictions: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> float:
    """Edits over symbols of the whole corpus, as a share; where there are no symbols at all, the edits."""
    edits, lengths = symbol_errors(predictions, references)
    return float(edits.sum() / max(1, lengths.sum()))


def _nearest(prediction: Symbols, references: Sequence[Symbols]) -> tuple[int, int]:
    edits, negated = min((edit_distance(prediction, answer), -len(answer)) for answer in references)
    return edits, -negated


def edit_distance(one: Symbols, other: Symbols) -> int:
    """Fewest insertions, deletions and substitutions that turn one sequence into the other (Levenshtein 1966)."""
    from rapidfuzz.distance import Levenshtein  # not needed to predict

    return Levenshtein.distance(one, other)
