"""Where attention looks while a word is said: each letter of an answer belongs to one letter of the word."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np

from unspool.answers.answer import Prediction
from unspool.model import Model
from unspool.story.secret_language import LEARNED, VOWELS, made_up_word
from unspool.story.tables import ASKED
from unspool.types import Array

SHOWN, WORDS = "hello", 60
# Letters of an answer that are shown; a model that has not learned may go on for ever.
MOST = 14


def find_alignments(models: Mapping[str, Model]) -> dict[str, Any]:
    """By the names of lessons: the weights of one word, and over many words how often the largest is the right one."""
    draw = Random(ASKED + 1)
    words = [SHOWN, *(made_up_word(draw, draw.randint(3, LEARNED)) for _ in range(WORDS))]
    found: dict[str, Any] = {"words": WORDS}
    for name, model in models.items():
        first, *others = model.predict(words, max_length=4 * LEARNED)
        answer = first.hypotheses[0]
        placed = np.concatenate([_placed(one) for one in others])
        found[name] = {
            "source": first.source_tokens, "tokens": [*answer.tokens, "</s>"][: len(answer.attention)][:MOST],
            "weights": np.asarray(answer.attention, dtype=float)[:MOST].round(3).tolist(),
            "on_its_letter": round(100 * float(placed[:, 0].mean()), 1),
            "beside_it": round(100 * float(placed[:, 1].mean()), 1),
            "reached": round(float(np.mean([_reached(one) for one in others])), 1),
        }  # fmt: skip
    return found


def places_of(word: str) -> list[int]:
    """For each letter of the right answer the place in the word that it comes from."""
    return [place for place, letter in enumerate(word) for _ in range(1 if letter in VOWELS else 3)]


def _placed(prediction: Prediction) -> Array:
    """`[letters, 2]`: whether the largest weight of each is on the letter it comes from, or on one beside it."""
    weights = np.asarray(prediction.hypotheses[0].attention)
    pairs = zip(places_of(prediction.source), weights.argmax(1).tolist(), strict=False)
    return np.array([(place == largest, abs(place - largest) == 1) for place, largest in pairs], dtype=float)


def _reached(prediction: Prediction) -> float:
    """The mean number of letters of the word that get a hundredth of the attention or more."""
    return float((np.asarray(prediction.hypotheses[0].attention) >= 0.01).sum(1).mean())
