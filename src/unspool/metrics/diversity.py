"""How varied texts are: a chatbot that always says the same is likely right, and dull.

Li, Galley, Brockett, Gao, Dolan 2016, arXiv:1510.03055, section 5: distinct-n.
"""

from __future__ import annotations

from collections.abc import Sequence

from unspool.metrics.metric import PERCENT


def distinct(texts: Sequence[str], n: int = 2) -> float:
    """Distinct-n in percent: how many different runs of n words all texts have together, over all their runs."""
    runs = [run for text in texts for run in _runs(text, n)]
    return PERCENT * len(set(runs)) / max(1, len(runs))


def repetition(texts: Sequence[str], n: int = 2) -> float:
    """The mean over texts, in percent, of the share of runs of n words that stand in the same text before."""
    shares = [1 - len(set(runs)) / len(runs) for text in texts if (runs := _runs(text, n))]
    return PERCENT * sum(shares) / max(1, len(shares))


def _runs(text: str, n: int) -> list[tuple[str, ...]]:
    words = text.split()
    return [tuple(words[begin : begin + n]) for begin in range(len(words) - n + 1)]
