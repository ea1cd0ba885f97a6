"""BLEU, chrF and TER of whole texts, by sacrebleu, each with the signature that says how it was computed.

They compare text as people read it: give them detokenised text. Sources may have different numbers of references
(`nrefs:var` in the signature). Intervals come from our own bootstrap over sources.

BLEU splits text into words by itself, and its figures compare only under the same tokenizer. '13a', the default, is
what the literature reports for languages written with spaces. It leaves Chinese, Japanese and Thai nearly unsplit and
Korean with its particles attached, so there 'char' is the choice that needs nothing else installed; 'zh' splits Chinese
alone, and 'ja-mecab', 'ko-mecab' and the 'flores' ones need libraries or downloads of sacrebleu's own. chrF needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unspool.errors import Mistake, nearest
from unspool.metrics.chrf import chrf_counts, chrf_of
from unspool.metrics.significance import RESAMPLES, SEED, Estimate, percentiles, ratio, resampled_sums

References = Sequence[tuple[str, ...]]


def bleu(
    predictions: Sequence[str],
    references: References,
    *,
    tokenizer: str = "13a",
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """BLEU of the corpus (Papineni et al. 2002; Post 2018), in percent; no resamples, no interval."""
    metric = _bleu(tokenizer)
    whole = metric.corpus_score(list(predictions), _streams(references))
    interval = None
    if resamples:
        sums = resampled_sums(_bleu_counts(predictions, references, tokenizer), resamples=resamples, seed=seed)
        interval = percentiles(np.array([_bleu_of(metric, row) for row in sums.astype(int).tolist()]))
    return Estimate(whole.score, interval, _signature(metric, whole))


def chrf(
    predictions: Sequence[str], references: References, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """chrF2 of the corpus (Popović 2015), in percent; no resamples, no interval."""
    metric = _sacrebleu().CHRF()
    whole = metric.corpus_score(list(predictions), _streams(references))
    interval = None
    if resamples:
        counts = chrf_counts(predictions, references)
        interval = percentiles(chrf_of(resampled_sums(counts, resamples=resamples, seed=seed)))
    return Estimate(whole.score, interval, _signature(metric, whole))


def ter(
    predictions: Sequence[str], references: References, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """TER of the corpus (Snover et al. 2006), in percent, lower is better; no resamples, no interval."""
    metric = _sacrebleu().TER()
    whole = metric.corpus_score(list(predictions), _streams(references))
    interval = None
    if resamples:
        each = [metric.sentence_score(*pair) for pair in zip(predictions, references, strict=True)]
        edits = np.array([one.num_edits for one in each])
        lengths = np.array([one.ref_length for one in each])
        interval = ratio(edits, lengths, resamples=resamples, seed=seed).interval
    return Estimate(whole.score, interval, _signature(metric, whole))


def _bleu(tokenizer: str, **options: Any) -> Any:
    kind = _sacrebleu().BLEU
    if tokenizer not in kind.TOKENIZERS:
        raise Mistake(f"BLEU has no tokenizer '{tokenizer}'.", nearest(tokenizer, kind.TOKENIZERS))
    try:
        return kind(tokenize=tokenizer, **options)
    except (RuntimeError, ImportError) as error:
        reason = " ".join(str(error).split())
        raise Mistake(f"BLEU's tokenizer '{tokenizer}' cannot be used: {reason}", "Or choose 'char'.") from None


def _bleu_counts(predictions: Sequence[str], references: References, tokenizer: str) -> Any:
    """`[N, 10]`: length, reference length, matching n-grams of orders 1 to 4, n-grams of orders 1 to 4."""
    metric = _bleu(tokenizer, effective_order=True)  # changes no count, and silences advice on sentence scores
    each = [metric.sentence_score(*pair) for pair in zip(predictions, references, strict=True)]
    return np.array([[one.sys_len, one.ref_len, *one.counts, *one.totals] for one in each])


def _bleu_of(metric: Any, sums: list[int]) -> float:
    lengths, counts = sums[:2], sums[2:]
    half = len(counts) // 2
    found = metric.compute_bleu(counts[:half], counts[half:], *lengths, smooth_method=metric.smooth_method)
    return float(found.score)


def _signature(metric: Any, whole: Any) -> str:
    """As sacrebleu prints it: the metric's name, then how it was computed."""
    return f"{whole.name}|{metric.get_signature()}"


def _streams(references: References) -> list[list[str | None]]:
    """References as sacrebleu wants them: every source's first, then every source's second, …, None for missing."""
    most = max(len(listed) for listed in references)
    return [[listed[i] if i < len(listed) else None for listed in references] for i in range(most)]


def _sacrebleu() -> Any:
    from sacrebleu import metrics  # not needed to predict

    return metrics
