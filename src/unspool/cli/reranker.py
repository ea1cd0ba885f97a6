"""The reverse model of `--rerank`."""

from __future__ import annotations

from pathlib import Path

from unspool.errors import Mistake
from unspool.reranking import WEIGHT, Reranker


def reranker_of(folder: Path | None, weight: float | None, device: str) -> Reranker | None:
    """A reverse model with its weight (None: the usual one), if one is named."""
    from unspool.loading import load_predictor

    if folder is not None:
        return Reranker(load_predictor([folder], device), WEIGHT if weight is None else weight)
    if weight is not None:
        raise Mistake("--rerank-weight is for --rerank.", "Name the model from answers to sources: --rerank MODEL")
    return None
