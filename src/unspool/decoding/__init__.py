"""Greedy search, beam search and sampling over a stepper, in NumPy.

Nothing here depends on a network. At each step a `Stepper` (PyTorch or an exported model) answers a `Question`, so the
same search is used in validation, in prediction and in the runtime without PyTorch.
"""

from unspool.decoding.corpus import search_corpus
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.search import search

__all__ = ["Hypothesis", "search", "search_corpus"]
