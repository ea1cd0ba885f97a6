"""sacrebleu's scorers of BLEU, chrF and TER, with their signatures.

They expect detokenised text. Sources may have different numbers of references (`nrefs:var` in the signature). Each
source is scored once, for its counts. sacrebleu's corpus figure is a function of their sums (a test checks that ours
is equal), and so is that of each bootstrap sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unspool.errors import Mistake, nearest
from unspool.metrics.evaluation import Evaluation


def bleu_scorer(tokenizer: str, *, sentences: bool = False) -> Any:
    """A BLEU scorer; a tokenizer that is unknown, or not installed, is a `Mistake`.

    sentences: switches off the warning about scores of single sentences; changes no count
    """
    kind = _sacrebleu().BLEU
    if tokenizer not in kind.TOKENIZERS:
        raise Mistake(f"BLEU has no tokenizer '{tokenizer}'.", nearest(tokenizer, kind.TOKENIZERS))
    try:
        return kind(tokenize=tokenizer, effective_order=sentences)
    except (RuntimeError, ImportError) as error:
        reason = " ".join(str(error).split())
        raise Mistake(f"BLEU's tokenizer '{tokenizer}' cannot be used: {reason}", "Or choose 'char'.") from None


def chrf_scorer() -> Any:
    """A chrF2 scorer: character n-grams up to 6, no words."""
    return _sacrebleu().CHRF()


def ter_scorer(*, characters: bool = False) -> Any:
    """A TER scorer; characters: splits Han into characters, and Kana into runs."""
    return _sacrebleu().TER(normalized=characters, asian_support=characters)


def score_sentences(scorer: Any, evaluation: Evaluation) -> Iterator[Any]:
    """sacrebleu's score object of each example, which has its counts."""
    pairs = zip(evaluation.answers, evaluation.references, strict=True)
    return (scorer.sentence_score(answer, listed) for answer, listed in pairs)


def format_signature(scorer: Any, evaluation: Evaluation) -> str:
    """The signature as sacrebleu prints it: the metric's name, then details of the computation.

    A scorer finds the number of references while it scores, so the letter "a" is scored for each number of them.
    """
    numbers = sorted({len(listed) for listed in evaluation.references})
    streams = [["a" if place < number else None for number in numbers] for place in range(numbers[-1])]
    whole = scorer.corpus_score(["a"] * len(numbers), streams)
    return f"{whole.name}|{scorer.get_signature()}"


def _sacrebleu() -> Any:
    from sacrebleu import metrics  # not needed to predict

    return metrics
