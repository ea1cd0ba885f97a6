"""TER of a corpus, in percent, by sacrebleu (Snover et al. 2006): edits divided by words; moving a phrase is one edit.

If references are mostly Han or Kana, each Han character and each run of Kana counts as a word (sacrebleu's
`asian_support`). Edits are those to the nearest reference; the number of words is the mean length of an example's
references.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import PERCENT, Metric
from unspool.metrics.scorers import format_signature, score_sentences, ter_scorer
from unspool.metrics.scripts import HAN_AND_KANA, mostly
from unspool.types import Array


def word_edits(evaluation: Evaluation) -> Array:
    """`[N, 2]`: edits, and the mean length of the references."""
    each = score_sentences(_scorer(evaluation), evaluation)
    return np.array([[one.num_edits, one.ref_length] for one in each], dtype=np.float64)


def ter_of(sums: Array) -> Array:
    """TER `[...]` from sums of outcomes `[..., 2]`; if references have no words, 1 with edits, else 0."""
    edits, words = np.moveaxis(sums, -1, 0)
    rates: Array = np.where(words > 0, edits / np.where(words > 0, words, 1), edits > 0)
    return rates


def _signature(evaluation: Evaluation) -> str:
    return format_signature(_scorer(evaluation), evaluation)


def _scorer(evaluation: Evaluation) -> Any:
    return ter_scorer(characters=mostly((text for listed in evaluation.references for text in listed), HAN_AND_KANA))


TER = Metric("ter", -1, "answers", word_edits, ter_of, scale=PERCENT, signature=_signature)
