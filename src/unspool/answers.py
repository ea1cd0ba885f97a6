"""What a model says as a person reads it: answers with their scores, and notes on how the sources were read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unspool.plural import counted
from unspool.decoding.hypothesis import Hypothesis
from unspool.errors import Mistake
from unspool.types import UNK, Array, Tree, map_tree


@dataclass(frozen=True, slots=True)
class Answer:
    """One hypothesis as text.

    score:     sum of log-probabilities in nats, EOS counted
    attention: `[T, S]` weights over the source's tokens for each token written, EOS last; None without attention.
               Of a document a tuple: `[T, N]` over its sentences, and `[T, N, W]` over the words of each
    """

    text: str
    score: float
    tokens: list[str]
    attention: Tree

    def to_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        weights = map_tree(lambda leaf: leaf.astype(float).round(4).tolist(), self.attention)
        return {"text": self.text, "score": self.score, "tokens": self.tokens, "attention": weights}


@dataclass(frozen=True, slots=True)
class Prediction:
    """A source and its answers, best first; `source_tokens` are what attention's columns stand for.

    sentences: of a document, how many of the tokens each of its sentences has
    """

    source: str
    source_tokens: list[str]
    hypotheses: list[Answer]
    sentences: list[int] | None = None

    @property
    def text(self) -> str:
        """The best answer."""
        return self.hypotheses[0].text if self.hypotheses else ""

    def to_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        return {
            "source": self.source,
            "source_tokens": self.source_tokens,
            **({} if self.sentences is None else {"sentences": self.sentences}),
            "hypotheses": [answer.to_json() for answer in self.hypotheses],
        }


def instead_of_unknown(hypothesis: Hypothesis, symbols: Sequence[str], dictionary: Mapping[str, str]) -> dict[int, str]:
    """What stands at each place where a hypothesis has UNK: the word that attention weighs most there, translated.

    Luong, Sutskever et al. 2015, arXiv:1410.8206; Jean et al. 2015, arXiv:1412.2007. A word that the dictionary lacks
    is copied.

    symbols: of the source, as they stand there
    """
    if hypothesis.items and not isinstance(hypothesis.attention, np.ndarray):
        what = "Unknown words are replaced by the source's words that attention points to, and this model has none."
        raise Mistake(what, "Leave it out, or train a model with attention, such as luong.")
    places = [place for place, item in enumerate(hypothesis.items) if item == UNK]
    words = {place: symbols[hypothesis.attention[place].argmax()] for place in places}
    return {place: dictionary.get(word, word) for place, word in words.items()}


@dataclass(frozen=True, slots=True)
class Score:
    """How likely a model finds a target behind its source.

    log_prob: the sum over all its symbols in nats; -inf where the model cannot write it
    symbols:  how many they are, EOS counted where the model writes one
    """

    source: str
    target: str
    log_prob: float
    symbols: int

    @property
    def per_symbol(self) -> float:
        """The mean log-probability of a symbol in nats."""
        return self.log_prob / self.symbols

    def to_json(self) -> dict[str, Any]:
        """As `score --json` writes it; null of what is not finite."""
        numbers = {"log_prob": self.log_prob, "symbols": self.symbols, "per_symbol": round(self.per_symbol, 6)}
        finite = {name: number if math.isfinite(number) else None for name, number in numbers.items()}
        return {"source": self.source, "target": self.target, **finite}


@dataclass(slots=True)
class Notes:
    """What a person should know of how sources were read, added up.

    unseen, lines_unseen: symbols that training never saw, and the sources that hold them
    cut:   sources longer than `limit` symbols
    reading: what was passed over in the files
    """

    limit: int
    unseen: int = 0
    lines_unseen: int = 0
    cut: int = 0
    reading: list[str] = field(default_factory=list)

    def add(self, source: Array, *targets: Array) -> None:
        """Count one source, and what is to be written for it; real values are never unseen."""
        texts = [side for side in (source, *targets) if side.ndim == 1]
        self.add_unseen(np.concatenate([*texts, np.array([], dtype=np.int64)]))
        self.cut += len(source) > self.limit

    def add_unseen(self, ids: Array) -> None:
        """Count the unseen symbols of a text that may be of any length."""
        unseen = int((ids == UNK).sum())
        self.unseen += unseen
        self.lines_unseen += unseen > 0

    def messages(self) -> list[str]:
        """A sentence for each thing that happened."""
        said = list(self.reading)
        if self.unseen:
            lines = counted(self.lines_unseen, "line holds", "lines hold")
            said.append(f"{lines} {counted(self.unseen, 'symbol', 'symbols')} never seen in training: <unk>.")
        if self.cut:
            lines, limit = counted(self.cut, "line was", "lines were"), counted(self.limit, "symbol", "symbols")
            said.append(f"{lines} longer than {limit} (data.max_source) and cut.")
        return said
