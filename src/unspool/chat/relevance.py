"""How sure it is that a reply belongs to its line, and would not suit any other line as well.

A chatbot has no right answer, so its confidence cannot be that of being right. What can be known is whether a reply
says something about its line: the pointwise mutual information of both,

    log p(T | S) - log mean_k p(T | S_k)

where S_k are other lines. A line that the model knows nothing about gets a reply that suits any line. How far apart the
two cases are is learned from held-out lines, and from lines that say nothing: the same ones with their words exchanged.
What counts as nothing to say is decided by the held-out lines alone: the model keeps quiet on the tenth of them about
which it is least sure, whatever that catches of the others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from unspool import folder as disk
from unspool.answers.logistic import fit_logistic, share
from unspool.chat.dialogues import read_dialogues
from unspool.errors import Mistake
from unspool.model import Model
from unspool.runtime.manifest import usable_model
from unspool.types import Array

# Other lines that a reply is scored with, and the least and most held-out lines to learn from.
OTHERS, ENOUGH, MOST = 32, 20, 200
# Larger numbers in a file come from no calibration.
MOST_WEIGHT = 1e6
# The share of held-out lines on which the model keeps quiet.
QUIET = 0.1
# The log-probability of what a model cannot write, in nats.
NEVER = -1e3


class Relevance(NamedTuple):
    """From the features of a line and its reply to the probability that they belong together.

    others:   the other lines
    weights:  of the mutual information, of the reply's mean log-probability, and a constant
    least:    the probability below which a tenth of the held-out lines lie
    caught:   the share of lines with exchanged words that lie below it
    examples: held-out lines that it was learned from
    """

    others: list[str]
    weights: list[float]
    least: float
    caught: float
    examples: int

    def of(self, model: Model, pairs: Sequence[tuple[str, str]]) -> Array:
        """The probability that each reply belongs to its line, `[N]`."""
        return share(features(model, pairs, self.others) @ np.array(self.weights))

    def to_json(self) -> dict[str, Any]:
        """As `calibration.json` has it, under `relevance`."""
        numbers = {"least": round(self.least, 6), "caught": round(self.caught, 6), "examples": self.examples}
        return {"others": self.others, "weights": [round(weight, 6) for weight in self.weights]} | numbers

    @classmethod
    def from_json(cls, data: Any, where: str) -> Self:
        """The inverse of `to_json`; wrong values are a `Mistake` that names the file `where`."""
        data = data if isinstance(data, dict) else {}
        others, weights = data.get("others"), data.get("weights")
        least, caught, examples = (data.get(name) for name in ("least", "caught", "examples"))
        numbers = [*weights, least, caught, examples] if isinstance(weights, list) else []
        lines = others if isinstance(others, list) and all(isinstance(line, str) for line in others) else []
        if not lines or len(numbers) != 6 or not all(map(_is_number, numbers)):
            what = f"{where}: its relevance cannot be read."
            raise Mistake(what, "Write it anew: unspool chat MODEL --calibrate FILE")
        return cls(lines, [*map(float, numbers[:3])], float(numbers[3]), float(numbers[4]), int(numbers[5]))


def features(model: Model, pairs: Sequence[tuple[str, str]], others: Sequence[str]) -> Array:
    """Of each line with its reply: their mutual information, the reply's mean log-probability, and 1; `[N, 3]`."""
    asked = [pair for line, reply in pairs for pair in [(line, reply), *((other, reply) for other in others)]]
    scores = model.score(asked)
    log_probs = np.array([max(score.log_prob, NEVER) for score in scores]).reshape(len(pairs), 1 + len(others))
    symbols = np.array([score.symbols for score in scores[:: 1 + len(others)]])
    anyway = np.logaddexp.reduce(log_probs[:, 1:], axis=1) - np.log(len(others))
    return np.stack([log_probs[:, 0] - anyway, log_probs[:, 0] / symbols, np.ones(len(pairs))], axis=1)


def calibrate_relevance(model: Model, pairs: Sequence[tuple[str, str]]) -> Relevance:
    """Learn it from held-out lines with replies; too few, and a model without any reply, are a `Mistake`."""
    lines = list(dict.fromkeys(line for line, _ in pairs))
    if len(lines) < OTHERS + ENOUGH:
        what = f"There are {len(lines):,} held-out lines, and at least {OTHERS + ENOUGH} are needed."
        raise Mistake(what, "Give a file with more of them.")
    draw = random.Random(1)
    draw.shuffle(lines)
    others, lines = lines[:OTHERS], lines[OTHERS : OTHERS + MOST]
    asked = [*lines, *exchanged(lines, draw)]
    replies = [one.text for one in model.predict(asked)]
    kept = [
        (line, reply, number < len(lines))
        for number, (line, reply) in enumerate(zip(asked, replies, strict=True))
        if reply
    ]
    if not kept:
        raise Mistake("The model has no reply to any of these lines.", "Train it longer, and then calibrate it.")
    found = features(model, [(line, reply) for line, reply, _ in kept], others)
    belong = np.array([belongs for *_, belongs in kept])
    weights = fit_logistic(found, belong, np.zeros(found.shape[1]))
    sure = share(found @ weights)
    least = float(np.quantile(sure[belong], QUIET)) if belong.any() else 0.0
    caught = float((sure[~belong] < least).mean()) if (~belong).any() else 0.0
    return Relevance(others, weights.tolist(), least, caught, len(lines))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST_WEIGHT


def exchanged(lines: Sequence[str], draw: random.Random) -> list[str]:
    """Lines of the same lengths whose words are drawn from all lines: they look like lines, and say nothing."""
    words = [word for line in lines for word in line.split()]
    return [" ".join(draw.choices(words, k=len(line.split()))) for line in lines]


def keep_relevance(model: Model, path: Path) -> str:
    """Learn it from a file of held-out conversations, keep it in the model's folder, and say so."""
    from unspool.chat.conversation import pairs_of

    pairs = [pair for lines in read_dialogues(path) for pair in pairs_of(lines, model.config.chat)]
    found = calibrate_relevance(model, pairs)
    write_relevance(model, found)
    known = f"When it has nothing to say was learned from {found.examples:,} lines, and is kept in {model.folders[0]}"
    return f"{known}: it keeps quiet on a tenth of them, and on {found.caught:.0%} of lines with exchanged words."


def write_relevance(model: Model, relevance: Relevance) -> None:
    """Write it into the model's folder."""
    disk.write_calibration(model.changeable_folder(), "relevance", relevance.to_json())


def read_relevance(folder: Path) -> Relevance | None:
    """What a model's folder says; None if it says nothing."""
    found, usable = disk.read_calibration(usable_model(folder), "relevance"), str(folder / disk.CALIBRATION)
    return None if found is None else Relevance.from_json(found, usable)
