"""Right answers in the secret language by the length of the word, for every model that learned it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from unspool.explain.forced_answer import network_of
from unspool.metrics.symbol_error_rate import edits
from unspool.model import Model
from unspool.story.secret_language import LEARNED, LONGEST, of_every_length, say_secretly
from unspool.story.tables import ASKED

EACH = 20
# Words that anyone knows; their answers are shown.
KNOWN = ("hello", "seoul", "memory", "context", "attention")
# Words of so many of the longest lengths that were learned.
LATE = 3


def find_lengths(models: Mapping[str, Model], count: Callable[[int], object]) -> dict[str, Any]:
    """By the names of lessons: right answers in percent, by length and in all; size and time."""
    asked = of_every_length(EACH, ASKED)
    lengths = np.array([len(pair.word) for pair in asked])
    found: dict[str, Any] = {"learned": LEARNED, "longest": LONGEST, "late": LEARNED - LATE + 1, "each": EACH}
    found["words"] = [[word, say_secretly(word)] for word in KNOWN]
    for name, model in models.items():
        begun = time.perf_counter()
        answers = [one.text for one in model.predict([pair.word for pair in asked], max_length=4 * LONGEST)]
        seconds = time.perf_counter() - begun
        right = np.array([answer == pair.said for answer, pair in zip(answers, asked, strict=True)])
        wrong = sum(len(edits(answer, [pair.said])) for answer, pair in zip(answers, asked, strict=True))
        network: Any = network_of(model.predictor)
        found[name] = {
            "by_length": [[length, _share(right[lengths == length])] for length in range(2, LONGEST + 1)],
            "learned": _share(right[lengths <= LEARNED]),
            "late": _share(right[(lengths <= LEARNED) & (lengths > LEARNED - LATE)]),
            "longer": _share(right[lengths > LEARNED]),
            "answers": [one.text for one in model.predict(KNOWN, max_length=4 * LONGEST)],
            "wrong_letters": round(100 * wrong / sum(len(pair.said) for pair in asked), 1),
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            "milliseconds": round(1000 * seconds / len(asked), 2),
        }
        count(1)
    return found


def _share(right: Any) -> float:
    return round(100 * float(np.mean(right)), 1)
