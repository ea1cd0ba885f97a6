"""A recorded search as a person reads it: tokens and probabilities, as `/v1/trace` and the page show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from unspool.answers.answer import Answer
from unspool.decoding.search_trace import KeptHypothesis, SearchTrace, TraceStep
from unspool.fields.field import Field, Item
from unspool.types import FIRST_LABEL, SPECIALS, Array, Tree

# The most features of a vector that are shown.
STRIP = 32


class ProbableToken(NamedTuple):
    """A next token with its probability from 0 to 1; item: its number, of which a prefix may consist."""

    item: int
    token: str
    probability: float


@dataclass(frozen=True, slots=True)
class TracedToken:
    """A hypothesis after a step that kept it, as its newest token.

    parent:    its place among those of the step before, of which it is never a finished one; 0 in the first step
    item:      the token's number
    log_prob:  of the token in nats; score: the sum so far
    finished:  whether the answer ends with this token, which is "</s>" for most models
    attention: `[S]` the weights over the source's tokens while it was written; None without one attention
    top:       the most probable tokens at this place, best first, by the model alone: a prefix does not change them
    entropy:   of all tokens at this place, in nats, by the model alone
    """

    parent: int
    item: int
    token: str
    log_prob: float
    score: float
    finished: bool
    attention: Array | None
    top: list[ProbableToken]
    entropy: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """With weights and probabilities of six digits."""
        weights = None if self.attention is None else self.attention.astype(float).round(6).tolist()
        top = [one._asdict() | {"probability": round(one.probability, 6)} for one in self.top]
        return {
            "parent": self.parent, "item": self.item, "token": self.token, "log_prob": round(self.log_prob, 6),
            "score": round(self.score, 6), "finished": self.finished, "attention": weights, "top": top,
            "entropy": round(self.entropy, 6),
        }  # fmt: skip


class VectorStrip(NamedTuple):
    """A vector as a person sees it: its Euclidean norm, its width D, and at most `STRIP` of its features in order.

    Of more features every (D / STRIP)-th is there, so that strips of one model show the same ones.
    """

    norm: float
    width: int
    features: list[float]

    @classmethod
    def of(cls, vector: Array) -> VectorStrip:
        """Of a vector `[D]`; numbers of four digits."""
        width = len(vector)
        shown = vector[np.arange(min(STRIP, width)) * width // min(STRIP, width)] if width else vector
        return cls(round(float(np.linalg.norm(vector)), 4), width, shown.astype(float).round(4).tolist())


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened while the answers to one source were searched.

    steps:      the hypotheses that each step kept: first those that go on, best first, then those that ended
    hypotheses: the answers, best first
    paths:      for each of them, its place in every step that it was in
    notes:      what should be known about how the source was read
    can_edit:   whether weights of attention can be set, as `edits`
    states:     what the encoder says at each of the source's tokens; None if the decoder does not get it so
    context:    the one vector that the decoder gets for the whole source; None if there is none
    """

    source: str
    source_tokens: list[str]
    steps: list[list[TracedToken]]
    hypotheses: list[Answer]
    paths: list[list[int]]
    notes: list[str]
    can_edit: bool = False
    states: list[VectorStrip] | None = None
    context: VectorStrip | None = None

    def to_json(self) -> dict[str, Any]:
        """As `/v1/trace` writes it."""
        return {
            "source": self.source,
            "source_tokens": self.source_tokens,
            "steps": [{"live": [kept.to_json() for kept in step]} for step in self.steps],
            "hypotheses": [
                {"text": one.text, "score": one.score, "finished": one.finished, "tokens": one.tokens, "path": path}
                for one, path in zip(self.hypotheses, self.paths, strict=True)
            ],
            "notes": self.notes,
            "can_edit": self.can_edit,
            "states": None if self.states is None else [state._asdict() for state in self.states],
            "context": None if self.context is None else self.context._asdict(),
        }


def inside_of(found: SearchTrace, source_length: int) -> dict[str, Any]:
    """What a trace tells of the inside of a model: the last fields of `Trace` by their names."""
    states, context = found.handed_over
    return {
        "can_edit": found.can_edit,
        "states": None if states is None else [VectorStrip.of(state) for state in states[0, :source_length]],
        "context": None if context is None else VectorStrip.of(context[0]),
    }


def traced_tokens(found: SearchTrace, field: Field, source: Item, source_length: int) -> list[list[TracedToken]]:
    """The steps of a search in tokens. field: that of the answers; source: the encoded source"""
    names: dict[int, str] = {}

    def name(item: int) -> str:
        if item not in names:
            names[item] = SPECIALS[item] if item < FIRST_LABEL else field.decode((item,), source).tokens[0]
        return names[item]

    def read(kept: KeptHypothesis, step: TraceStep) -> TracedToken:
        row = kept.parent
        pairs = zip(step.items[row].tolist(), np.exp(step.log_probs[row]).tolist(), strict=True)
        top = [ProbableToken(item, name(item), probability) for item, probability in pairs if probability > 0]
        weights = _weights(step.attention, row, source_length)
        token = name(kept.item)
        entropy = float(step.entropies[row])
        return TracedToken(row, kept.item, token, kept.log_prob, kept.score, kept.finished, weights, top, entropy)

    return [[read(kept, step) for kept in step.kept] for step in found.steps]


def _weights(attention: Tree, row: int, source_length: int) -> Array | None:
    """One row's weights, if there is one attention over the items of the source."""
    if not isinstance(attention, np.ndarray) or attention.ndim != 2:
        return None
    weights: Array = attention[row, :source_length]
    return weights
