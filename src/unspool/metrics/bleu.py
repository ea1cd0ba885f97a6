"""BLEU of a corpus, in percent, by sacrebleu (Papineni et al. 2002; Post 2018).

BLEU = min(1, e^(1 − r/c)) · (p₁ p₂ p₃ p₄)^¼, where p_n is the share of the answers' n-grams that are also in a
reference, c is the length of all answers, and r that of their references (the nearest of several). If no n-gram of some
order matches, p_n is smoothed ('exp', Chen and Cherry 2014, method 3).

BLEU has its own tokenizers, and only figures with the same tokenizer can be compared. '13a' is the one in the
literature for languages with spaces between words. It hardly splits what `unspool.metrics.scripts` lists: for those use
'char', which needs no other library. 'zh' splits only Chinese; 'ja-mecab', 'ko-mecab' and the 'flores' tokenizers need
other libraries or downloads.
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
    figures = [_corpus_bleu(scorer, row) for row in sums.reshape(-1, 10).tolist()]
    return np.array(figures).reshape(sums.shape[:-1])


def _extremes(outcomes: Array) -> Array:
    """`[2, 10]`: an answer as long as usual references without any n-gram of its reference, and one with all."""
    length = outcomes[:, 1].mean()
    ngrams = np.maximum(length - np.arange(4), 0)
    return np.stack([np.concatenate([[length, length], matching, ngrams]) for matching in (0 * ngrams, ngrams)])


def _corpus_bleu(scorer: Any, sums: list[float]) -> float:
    """Examples with weights have sums that are not whole, and sacrebleu wants whole lengths."""
    lengths, matching, all_ngrams = map(round, sums[:2]), sums[2:6], sums[6:]
    return float(scorer.compute_bleu(matching, all_ngrams, *lengths, smooth_method=scorer.smooth_method).score)


def _signature(evaluation: Evaluation) -> str:
    return format_signature(bleu_scorer(evaluation.tokenizer), evaluation)


BLEU = Metric("bleu", +1, "answers", bleu_counts, bleu_of, _extremes, signature=_signature)
