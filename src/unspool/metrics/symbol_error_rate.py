"""Symbol error rate: edits (insertions, deletions, substitutions) to the nearest reference, divided by its length.

With characters this is CER, with phonemes PER, with words WER as in speech recognition. The rate of a corpus is the sum
of the edits divided by the sum of the lengths, so it can exceed 1. If the references have no symbols, it is the number
of edits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.metrics.evaluation import Evaluation, Symbols
from unspool.metrics.metric import PERCENT, Metric
from unspool.types import Array


def symbol_errors(answers: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> Array:
    """`[N, 2]`: edits to each answer's nearest reference, and the length of that reference.

    The nearest reference has the fewest edits; of several, the longest is taken. Each source needs at least one
    reference.
    """
    pairs = [_nearest(answer, listed) for answer, listed in zip(answers, references, strict=True)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def edit_distance(one: Symbols, other: Symbols) -> int:
    """The fewest insertions, deletions and substitutions from one sequence to the other (Levenshtein 1966)."""
    from rapidfuzz.distance import Levenshtein  # not needed to predict

    return Levenshtein.distance(one, other)


class Edit(NamedTuple):
    """One edit from a reference to an answer: a wrong symbol, a missing one (`answer` is empty), or a surplus one."""

    right: str
    answer: str


def edits(answer: Symbols, references: Sequence[Symbols]) -> list[Edit]:
    """The edits from the nearest reference to an answer, as few as possible, in the order of the text."""
    from rapidfuzz.distance import Levenshtein

    nearest = min(references, key=lambda reference: (edit_distance(answer, reference), -len(reference)))
    found = []
    for edit in Levenshtein.editops(nearest, answer):
        right = "" if edit.tag == "insert" else str(nearest[edit.src_pos])
        found.append(Edit(right, "" if edit.tag == "delete" else str(answer[edit.dest_pos])))
    return found


def closest(text: str, candidates: Sequence[str]) -> int:
    """The number of the candidate with the fewest edits from a text, the first of several."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    return int(process.extractOne(text, candidates, scorer=Levenshtein.distance)[2])


def _nearest(answer: Symbols, references: Sequence[Symbols]) -> tuple[int, int]:
    edits, negated = min((edit_distance(answer, reference), -len(reference)) for reference in references)
    return edits, -negated


def _outcomes(evaluation: Evaluation) -> Array:
    return symbol_errors(*evaluation.symbols())


SYMBOL_ERROR_RATE = Metric("symbol_error_rate", -1, "answers", _outcomes, scale=PERCENT)
