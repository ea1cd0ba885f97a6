"""A model's answers for the user: texts or values with their scores, and notes on how the source was read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.text.forms import FORMS, usual
from unspool.text.unseen import named
from unspool.types import UNK, Array, Tree, map_tree

# The `origin` of answers that a person wrote: see `lexicon`.
FROM_LEXICON = "lexicon"


@dataclass(frozen=True, slots=True)
class Answer:
    """One hypothesis for the user.

    score:     sum of log-probabilities in nats, EOS included; for real values the log-density
    confidence: its calibrated probability of being right; None if the model has none
    reverse_score: the log-probability of the source given the answer, if a reverse model was asked
    joint_score: the log-probability of source and answer together by a joint n-gram model, if one ordered the answers
    attention: `[T, S]` weights over the source's tokens for each target token, EOS last; None without attention.
               For a document, a tuple: `[T, N]` over its sentences, and `[T, N, W]` over the words of each
    values:    `[T, F]` if the target is real values
    finished:  False if it was cut at the maximum length; always False if answers have no end, as real values
    origin:    what gave it, if it was not the model: `FROM_LEXICON`; its score is then 0
    """

    text: str
    score: float
    tokens: list[str]
    attention: Tree
    values: Array | None = None
    finished: bool = True
    origin: str | None = None
    confidence: float | None = None
    reverse_score: float | None = None
    joint_score: float | None = None

    @property
    def symbols(self) -> int:
        """How many symbols it has, and one for its end: what a confidence depends on besides the score."""
        return len(self.tokens) + 1

    def to_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        weights = map_tree(lambda leaf: leaf.astype(float).round(4).tolist(), self.attention)
        values = {} if self.values is None else {"values": self.values.astype(float).tolist()}
        sure: dict[str, float | None] = {} if self.confidence is None else {"confidence": self.confidence}
        for name in ("reverse_score", "joint_score"):
            if (other := getattr(self, name)) is not None:
                sure[name] = other if math.isfinite(other) else None
        return {
            "text": self.text, **values, "score": self.score, **sure, "finished": self.finished, "tokens": self.tokens,
            "attention": weights, **({} if self.origin is None else {"from": self.origin}),
        }  # fmt: skip


class Notes(NamedTuple):
    """What the user should know about one example and its answer.

    unseen, unseen_target: how many symbols of the source and of a given target training never saw
    cut:                   whether the source was longer than the model reads
    symbols:               the first few different symbols that training never saw
    known_as:              the form of the source in which training saw more of its symbols, a key of `FORMS`
    answer_cut:            whether the best answer was cut at the maximum length
    lexicon:               whether the answers are from the lexicon
    dictionary:            whether they are there because the model came with them, and no person wrote them
    abstained:             whether there is no answer because no confidence was high enough; None if none was asked for
    """

    unseen: int = 0
    unseen_target: int = 0
    cut: bool = False
    symbols: tuple[str, ...] = ()
    known_as: str = ""
    answer_cut: bool = False
    lexicon: bool = False
    abstained: bool | None = None
    dictionary: bool = False

    def sentences(self) -> list[str]:
        """What there is to say, in words."""
        unseen = f"{counted(self.unseen, 'symbol', 'symbols')} that training never saw ({' '.join(self.symbols)})"
        said = ((self.unseen, unseen), (self.cut, "the source was cut"), (self.answer_cut, "the answer was cut"))
        return [sentence for holds, sentence in said if holds]


NO_NOTES = Notes()


@dataclass(frozen=True, slots=True)
class Prediction:
    """A source and its answers, best first; `source_tokens` label the columns of the attention weights.

    sentences: for a document, the number of tokens in each sentence
    notes:     how the source was read
    """

    source: str
    source_tokens: list[str]
    hypotheses: list[Answer]
    sentences: list[int] | None = None
    notes: Notes = NO_NOTES

    @property
    def text(self) -> str:
        """The best answer."""
        return self.hypotheses[0].text if self.hypotheses else ""

    @property
    def values(self) -> Array | None:
        """The best answer `[T, F]`, if the target is real values."""
        return self.hypotheses[0].values if self.hypotheses else None

    def __repr__(self) -> str:
        """The source, the best answer with its score, and what should be known about how the source was read."""
        best = f" → {self.text!r}, score {self.hypotheses[0].score:.2f}" if self.hypotheses else ", no answer"
        return f"<{self.source!r}{best}{''.join(f'; {note}' for note in self.notes.sentences())}>"

    def to_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        return {
            "source": self.source,
            "source_tokens": self.source_tokens,
            **({} if self.sentences is None else {"sentences": self.sentences}),
            **({} if self.notes.abstained is None else {"abstained": self.notes.abstained}),
            "hypotheses": [answer.to_json() for answer in self.hypotheses],
        }


@dataclass(frozen=True, slots=True)
class Score:
    """How likely a model finds a target given its source.

    log_prob: the sum over all target symbols in nats; -inf if the model cannot generate the target
    symbols:  the number of target symbols, EOS included if the model generates one
    """

    source: str
    target: str
    log_prob: float
    symbols: int
    notes: Notes = NO_NOTES

    @property
    def per_symbol(self) -> float:
        """The mean log-probability of a symbol in nats."""
        return self.log_prob / self.symbols

    def to_json(self) -> dict[str, Any]:
        """As `score --json` writes it; null if a number is not finite."""
        numbers = {"log_prob": self.log_prob, "symbols": self.symbols, "per_symbol": round(self.per_symbol, 6)}
        finite = {name: number if math.isfinite(number) else None for name, number in numbers.items()}
        return {"source": self.source, "target": self.target, **finite}


def messages_of(notes: Iterable[Notes], limit: int) -> list[str]:
    """A sentence for each thing that happened while examples were read and answered.

    limit: the most symbols of a source that the model reads
    """
    notes = list(notes)
    messages = [*_unseen(notes), *_known(notes)]
    if form := usual(note.known_as for note in notes if note.unseen):
        messages.append(f"Training saw some of them only {FORMS[form].advice}.")
    if cut := sum(note.cut for note in notes):
        lines, most = counted(cut, "line was", "lines were"), counted(limit, "symbol", "symbols")
        messages.append(f"{lines} longer than {most} (data.max_source) and cut.")
    if cut := sum(note.answer_cut for note in notes):
        answers = counted(cut, "answer was", "answers were")
        messages.append(f"{answers} cut at the maximum length (--max-length, decoding.max_length).")
    if unsure := sum(note.abstained or False for note in notes):
        lines = counted(unsure, "line was", "lines were")
        messages.append(f"{lines} left without an answer: no confidence was high enough (--at-least).")
    return messages


def _known(notes: Sequence[Notes]) -> Iterator[str]:
    """How many answers are not the network's. Of one line, a dictionary's answer is what was asked for."""
    listed = sum(note.dictionary for note in notes)
    if own := sum(note.lexicon for note in notes) - listed:
        yield f"{counted(own, 'answer is', 'answers are')} from the lexicon."
    if listed and len(notes) > 1:
        yield f"{counted(listed, 'answer is', 'answers are')} from the dictionary that came with the model."


def _unseen(notes: Sequence[Notes]) -> Iterator[str]:
    """Which symbols training never saw, those of most lines first."""
    unseen = [note.unseen + note.unseen_target for note in notes]
    if not any(unseen):
        return
    names = named(symbol for note in notes for symbol in note.symbols)
    lines = counted(sum(map(bool, unseen)), "line holds", "lines hold")
    symbols, they = counted(sum(unseen), "symbol", "symbols"), "it is" if sum(unseen) == 1 else "they are"
    which = f" ({names})" if names else ""
    yield f"{lines} {symbols} that training never saw{which}; {they} read as <unk>."


def replace_unknown(hypothesis: Hypothesis, symbols: Sequence[str], dictionary: Mapping[str, str]) -> dict[int, str]:
    """The replacement of each UNK by its position: the source word with the largest attention weight, translated.

    Luong, Sutskever et al. 2015, arXiv:1410.8206; Jean et al. 2015, arXiv:1412.2007. A word that is not in the
    dictionary is copied.

    symbols: the source's symbols as text, before unknown ones became UNK
    """
    if hypothesis.items and not isinstance(hypothesis.attention, np.ndarray):
        what = "Replacing unknown words needs attention over the source, and this model has none."
        raise Mistake(what, "Leave --replace-unknown out, or train a model with attention, such as luong.")
    places = [place for place, item in enumerate(hypothesis.items) if item == UNK]
    words = {place: symbols[hypothesis.attention[place].argmax()] for place in places}
    return {place: dictionary.get(word, word) for place, word in words.items()}
