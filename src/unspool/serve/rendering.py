"""Answers as JSON: what was asked for, finite numbers only, and lines of server-sent events."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from unspool.answers.answer import Answer, Prediction

WITH_ATTENTION = ("tokens", "attention")


def answers_json(prediction: Prediction, *, attention: bool) -> dict[str, Any]:
    """A source and its answers; attention: also the tokens and the weights."""
    tokens: dict[str, Any] = {}
    if attention:
        tokens["source_tokens"] = prediction.source_tokens
        tokens |= {} if prediction.sentences is None else {"sentences": prediction.sentences}
    abstained = prediction.notes.abstained
    return {
        "source": prediction.source,
        **tokens,
        **({} if abstained is None else {"abstained": abstained}),
        "hypotheses": [_answer_json(answer, attention=attention) for answer in prediction.hypotheses],
        "notes": prediction.notes.sentences(),
    }


def without_attention(prediction: Prediction) -> Prediction:
    """The same, without the weights that nobody asked for: they are by far the largest part of an answer."""
    return replace(prediction, hypotheses=[replace(answer, attention=None) for answer in prediction.hypotheses])


def _answer_json(answer: Answer, *, attention: bool) -> dict[str, Any]:
    if attention:
        return answer.to_json()
    values = answer.to_json()
    return {name: value for name, value in values.items() if name not in WITH_ATTENTION}


def dumps(value: Any) -> bytes:
    """JSON in UTF-8; null for a number that is not finite, and an escape for half a surrogate pair."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def event(name: str, value: Any) -> bytes:
    """A server-sent event; JSON has no line breaks of its own."""
    return f"event: {name}\ndata: ".encode() + dumps(value) + b"\n\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
