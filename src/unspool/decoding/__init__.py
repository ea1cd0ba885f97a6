"""Search over a stepper: greedy, beam and sampling, in plain NumPy.

Nothing here knows a network. A `Stepper` (PyTorch or an exported model) is asked a `Question` at each step, so one
search serves validation, prediction and the runtime without PyTorch.
"""

from unspool.decoding.corpus import search_corpus
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.search import search

__all__ = ["Hypothesis", "search", "search_corpus"]
