"""Symbol error rate: edits (insertions, deletions, substitutions) to the nearest listed answer, over its length.

With characters this is CER, with phonemes PER, with words WER in the sense of speech recognition. The rate of a corpus
is the sum of the edits over the sum of the lengths, so it can exceed one. Where there are no symbols at all, it is the
number of edits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.metrics.evaluation import Evaluation, Symbols
from unspool.metrics.metric import PERCENT, Metric
from unspool.types import Array


def symbol_errors(answers: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> Array:
    """`[N, 2]`: edits to each source's nearest listed answer, and the length of that answer.

    Nearest is fewest edits; among equals the longest is taken, whatever the order of the list. Each source needs at
    least one answer.
    """
    pairs = [_nearest(answer, listed) for answer, listed in zip(answers, references, strict=True)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def edit_distance(one: Symbols, other: Symbols) -> int:
    """Fewest insertions, deletions and substitutions that turn one sequence into the other (Levenshtein 1966)."""
    from rapidfuzz.distance import Levenshtein  # not needed to predict

    return Levenshtein.distance(one, other)


def _nearest(answer: Symbols, references: Sequence[Symbols]) -> tuple[int, int]:
    edits, negated = min((edit_distance(answer, reference), -len(reference)) for reference in references)
    return edits, -negated


def _outcomes(evaluation: Evaluation) -> Array:
    return symbol_errors(*evaluation.symbols())


SYMBOL_ERROR_RATE = Metric("symbol_error_rate", -1, "answers", _outcomes, scale=PERCENT)
