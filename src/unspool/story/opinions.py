"""Documents with their labels: how often they are right, and whether the sentences that decide get the attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from unspool.answers.answer import Prediction
from unspool.model import Model
from unspool.story.reviews import Review, reviews
from unspool.story.tables import ASKED

ASKED_REVIEWS, SHOWN = 200, 3


def find_opinions(model: Model, language: str) -> dict[str, Any]:
    """Of one language: shares in percent, and the texts that the page shows."""
    asked = reviews(language, ASKED_REVIEWS, ASKED)
    answers = model.predict([one.text for one in asked], on_done=lambda done: None)
    found = [_looked(answer, one) for answer, one in zip(answers, asked, strict=True)]
    return {
        "n": len(asked),
        "right": _share(answer.text == one.label for answer, one in zip(answers, asked, strict=True)),
        "looked": _share(looked for looked, _ in found),
        "expected": round(100 * float(np.mean([share for _, share in found])), 1),
        "shown": _shown(asked, answers),
    }


def _looked(answer: Prediction, one: Review) -> tuple[bool, float]:
    """Whether the sentence with the largest weight decides, and how often a random one would."""
    sentences = answer.hypotheses[0].attention[0][0]
    return int(sentences.argmax()) in one.deciding, len(one.deciding) / len(answer.sentences or [0])


def _shown(asked: list[Review], answers: list[Prediction]) -> list[dict[str, str]]:
    """A good one, a bad one, and a wrong answer if there is one, else the least sure one."""
    pairs = list(zip(asked, answers, strict=True))
    chosen: list[tuple[Review, Prediction]] = []
    tests: list[Callable[[Review, Prediction], bool]] = [
        lambda one, answer: one.label == "good" == answer.text,
        lambda one, answer: one.label == "bad" == answer.text,
        lambda one, answer: one.label != answer.text,
    ]
    for test in tests:
        chosen += [pair for pair in pairs if test(*pair) and pair not in chosen][:1]
    if len(chosen) < SHOWN:
        chosen.append(min(pairs, key=lambda pair: pair[1].hypotheses[0].score))
    return [{"text": one.text, "right": one.label} for one, _ in chosen[:SHOWN]]


def _share(holds: Any) -> float:
    return round(100 * float(np.mean(list(holds))), 1)
