"""What the first network says: the next letter after each beginning of a word, and its state after each letter."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import torch

from unspool.explain.forced_answer import network_of
from unspool.model import Model
from unspool.nn.stepper import to_torch
from unspool.predictor import Predictor
from unspool.story.greetings import BEFORE, WORD, WORDS, next_letters
from unspool.types import Array

# The beginning whose next letters are told in words, and what counts as a change of a unit between -1 and 1.
TOLD, CHANGED = "hel", 0.5


def find_next_letters(model: Model) -> dict[str, Any]:
    """Probabilities in percent of each letter after each beginning of the word, beside their shares in the text."""
    letters = [*sorted({letter for word in WORDS for letter in word}), " "]
    beginnings = [WORD[:end] for end in range(len(WORD) + 1)]
    scores = iter(model.score([(BEFORE + begun, letter) for begun in beginnings for letter in letters]))
    found = [[round(100 * exp(next(scores).log_prob), 1) for _ in letters] for _ in beginnings]
    true = [[next_letters(begun).get(letter, 0.0) for letter in letters] for begun in beginnings]
    row = found[beginnings.index(TOLD)]
    said = sorted(zip(letters, row, strict=True), key=lambda pair: -pair[1])[:3]
    return {
        "letters": letters, "beginnings": beginnings, "probabilities": found, "shares": true,
        "told": TOLD, "said": [list(pair) for pair in said], "counted": next_letters(TOLD),
        "largest_error": round(float(np.abs(np.array(found) - np.array(true)).max()), 1),
    }  # fmt: skip


def find_states(model: Model) -> dict[str, Any]:
    """The state after each letter of the word, `[letters, units]`, and how much it differs between the two l."""
    states = hidden_states(model.predictor, BEFORE, WORD)
    first = WORD.index("l")
    one, other = states[first], states[first + 1]
    return {
        "word": WORD, "states": states.round(3).tolist(), "units": states.shape[1], "places": [first + 1, first + 2],
        "changed": int((np.abs(one - other) > CHANGED).sum()), "threshold": CHANGED,
    }  # fmt: skip


@torch.no_grad()
def hidden_states(predictor: Predictor, before: str, word: str) -> Array:
    """The outputs of all layers `[letters, D]` of a network of running text, while it reads a word after a text."""
    model, field = network_of(predictor), predictor.fields.source
    context, letters = field.encode(before), field.encode(word)
    memory = model.encode(to_torch(field.collate([context]), torch.device("cpu")))
    last, state = model.start(memory)
    inputs = torch.cat([last.unsqueeze(1), torch.as_tensor(np.asarray(letters))[None].to(last.dtype)], 1)
    step, _ = model.unroll(inputs, state, memory)
    found: Array = step.output[0, 1:].float().numpy()
    return found
