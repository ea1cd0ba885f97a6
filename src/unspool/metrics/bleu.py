"""BLEU of a corpus, in percent, by sacrebleu (Papineni et al. 2002; Post 2018).

BLEU = min(1, e^(1 − r/c)) · (p₁ p₂ p₃ p₄)^¼, where p_n is the share of the answers' n-grams that are also in a
reference, c is the length of all answers, and r that of their references (the nearest of several). If no n-gram of some
order matches, p_n is smoothed ('exp', Chen and Cherry 2014, method 3).

BLEU has its own tokenizers, and only figures with the same tokenizer can be compared. '13a', the default, is the one in
the literature for languages with spaces between words. It hardly splits Chinese, Japanese and Thai, and does not split
particles from Korean words. For these languages use 'char', which needs no other library. 'zh' splits only Chinese;
'ja-mecab', 'ko-mecab' and the 'flores' tokenizers need other libraries or downloads.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric
from unspool.metrics.scorers import bleu_scorer, format_signature, score_sentences
from unspool.types import Array

# With this many answers that end in " .", the text was probably tokenized before, which changes BLEU.
SUSPICIOUS = 100


def bleu_counts(evaluation: Evaluation) -> Array:
    """`[N, 10]`: length, reference length, matching n-grams of orders 1 to 4, n-grams of orders 1 to 4."""
    if sum(answer.endswith(" .") for answer in evaluation.answers) >= SUSPICIOUS:
        advice = "At least %d answers end in ' .': BLEU expects text that has not been tokenized."
        logging.getLogger(__name__).warning(advice, SUSPICIOUS)
    each = score_sentences(bleu_scorer(evaluation.tokenizer, sentences=True), evaluation)
    return np.array([[one.sys_len, one.ref_len, *one.counts, *one.totals] for one in each])


def bleu_of(sums: Array) -> Array:
    """BLEU in percent, `[...]`, from sums of counts `[..., 10]`."""
    scorer = bleu_scorer("none")
    figures = [_corpus_bleu(scorer, row) for row in sums.reshape(-1, 10).astype(int).tolist()]
    return np.array(figures).reshape(sums.shape[:-1])


def _corpus_bleu(scorer: Any, sums: list[int]) -> float:
    lengths, matching, all_ngrams = sums[:2], sums[2:6], sums[6:]
    return float(scorer.compute_bleu(matching, all_ngrams, *lengths, smooth_method=scorer.smooth_method).score)


def _signature(evaluation: Evaluation) -> str:
    return format_signature(bleu_scorer(evaluation.tokenizer), evaluation)


BLEU = Metric("bleu", +1, "answers", bleu_counts, bleu_of, signature=_signature)
