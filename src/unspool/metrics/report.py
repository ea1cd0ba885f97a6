"""All metrics of a set of answers as one flat object, as `evaluate --json` writes it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from unspool.errors import Mistake, nearest
from unspool.metrics.accuracy import exact_match
from unspool.metrics.bleu import bleu, chrf, ter
from unspool.metrics.classification import accuracy, aligned, confusion, macro_f1
from unspool.metrics.error_rate import symbol_errors
from unspool.metrics.likelihood import bits_per_character
from unspool.metrics.significance import RESAMPLES, SEED, Estimate, ratio
from unspool.types import Array

# 1: higher is better, -1: lower is better.
DIRECTIONS = {
    "exact_match": 1, "symbol_error_rate": -1, "bleu": 1, "chrf": 1, "ter": -1, "accuracy": 1, "macro_f1": 1,
}  # fmt: skip
# Of running text, whose likelihood is measured and not an answer.
BITS = "bits_per_character"


def evaluate_answers(
    predictions: Sequence[str],
    references: Sequence[tuple[str, ...]],
    *,
    symbols: Callable[[str], Sequence[Hashable]],
    metrics: Sequence[str],
    tokenizer: str = "13a",
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """`n`, each metric in percent with `_low` and `_high` of its 95 % interval, and `signature` where there is one.

    Beside `macro_f1` and its interval stands `confusion`: the `labels`, and `counts` by right label, then by given one.

    references: every right answer of each source, at least one
    symbols:    splits a text into what the symbol error rate counts, or into labels
    metrics:    names of `DIRECTIONS`
    tokenizer:  BLEU's, see `unspool.metrics.bleu`
    resamples:  bootstrap draws behind the intervals; 0 leaves them out, which is quicker
    """
    _check(predictions, references, metrics)

    def split() -> tuple[list[Sequence[Hashable]], list[list[Sequence[Hashable]]]]:
        return [symbols(text) for text in predictions], [[symbols(text) for text in listed] for listed in references]

    def measure(metric: str) -> Estimate:
        match metric:
            case "exact_match":
                return ratio(exact_match(predictions, references), resamples=resamples, seed=seed)
            case "symbol_error_rate":
                edits, lengths = symbol_errors(*split())
                return ratio(edits, lengths, resamples=resamples, seed=seed)
            case "accuracy":
                return accuracy(aligned(*split()), resamples=resamples, seed=seed)
            case "macro_f1":
                return macro_f1(aligned(*split()), resamples=resamples, seed=seed)
            case "bleu":
                return bleu(predictions, references, tokenizer=tokenizer, resamples=resamples, seed=seed)
            case "chrf":
                return chrf(predictions, references, resamples=resamples, seed=seed)
            case _:
                return ter(predictions, references, resamples=resamples, seed=seed)

    figures: dict[str, Any] = _flat(len(predictions), {metric: measure(metric) for metric in metrics})
    if "macro_f1" in metrics and resamples:
        table = confusion(aligned(*split()))
        figures["confusion"] = {"labels": table.labels, "counts": table.counts.tolist()}
    return figures


def evaluate_likelihoods(
    log_likelihoods: Array, characters: Array, *, resamples: int = RESAMPLES, seed: int = SEED
) -> dict[str, float | int | str]:
    """`n` characters and the bits that each of them costs, of N pieces of text.

    log_likelihoods, characters: `[N]`, see `unspool.metrics.likelihood`
    """
    bits = bits_per_character(log_likelihoods, characters, resamples=resamples, seed=seed)
    return _flat(int(characters.sum()), {BITS: bits})


def better(metric: str) -> int:
    """1 where a higher figure is better, -1 where a lower one is."""
    return -1 if metric == BITS else _direction(metric)


def _direction(metric: str) -> int:
    if metric not in DIRECTIONS:
        raise Mistake(f"There is no metric '{metric}'.", nearest(metric, DIRECTIONS))
    return DIRECTIONS[metric]


def _flat(count: int, estimates: dict[str, Estimate]) -> dict[str, float | int | str]:
    figures: dict[str, float | int | str] = {"n": count}
    for metric, estimate in estimates.items():
        figures[metric] = round(estimate.value, 4)
        if estimate.interval is not None:
            figures[f"{metric}_low"], figures[f"{metric}_high"] = (round(end, 4) for end in estimate.interval)
    signatures = [estimate.signature for estimate in estimates.values() if estimate.signature]
    return figures | ({"signature": "; ".join(signatures)} if signatures else {})


def _check(predictions: Sequence[str], references: Sequence[tuple[str, ...]], metrics: Sequence[str]) -> None:
    """Refuse what has no meaning before time is spent on it."""
    for metric in metrics:
        _direction(metric)
    assert len(predictions) == len(references), (len(predictions), len(references))
    if not predictions:
        raise Mistake("There is nothing to evaluate: no sources were given.", "Check that the file is not empty.")
    for number, listed in enumerate(references, start=1):
        if not listed:
            raise Mistake(f"Source {number} has no right answer to compare with.", "Give it one, or leave it out.")
