"""What a decoder writes while it is fed the right letters, and while it is fed its own: the exposure bias.

Answers are compared place by place with what is right, so that one letter too many makes all that follow wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np
import torch

from unspool.explain.forced_answer import network_of
from unspool.model import Model
from unspool.nn.stepper import to_torch
from unspool.story.secret_language import LEARNED, WordPair, made_up_word, say_secretly
from unspool.story.tables import ASKED
from unspool.types import SymbolHead

WORDS, SHORTEST = 100, 7
# Places of an answer that share a point of the picture.
TOGETHER = 3
END = "</s>"


class Fed(NamedTuple):
    """A word, what is right, and what was written after the right letters and after its own ones; with its end."""

    word: str
    right: list[str]
    after_right: list[str]
    after_own: list[str]

    @property
    def fell(self) -> int:
        """How many more letters are right after the right ones."""
        return _right(self.right, self.after_right) - _right(self.right, self.after_own)


def find_feeding(models: Mapping[str, Model]) -> dict[str, Any]:
    """By the names of lessons: right letters in percent with both kinds of feeding, by place; and an example."""
    draw = Random(ASKED)
    words = [made_up_word(draw, draw.randint(SHORTEST, LEARNED)) for _ in range(WORDS)]
    pairs = [WordPair(word, say_secretly(word)) for word in words]
    found: dict[str, Any] = {"words": WORDS, "shortest": SHORTEST, "longest": LEARNED}
    for number, (name, model) in enumerate(models.items()):
        fed = write_both_ways(model, pairs)
        longest = max(len(one.right) for one in fed)
        found[name] = {"after_right": _total(fed, own=False), "after_own": _total(fed, own=True)} | {
            f"by_place_{kind}": [
                [begin + (TOGETHER + 1) / 2, share]
                for begin in range(0, longest, TOGETHER)
                if (share := _share(fed, own, begin, begin + TOGETHER)) is not None
            ]
            for kind, own in (("right", False), ("own", True))
        }
        if number == 0:
            example = max(fed, key=lambda one: (one.fell, -len(one.word)))
            found["example"] = example._asdict() | {"fell": example.fell}
    return found


@torch.no_grad()
def write_both_ways(model: Model, pairs: list[WordPair]) -> list[Fed]:
    """The same words written twice."""
    predictor, network = model.predictor, network_of(model.predictor)
    reads, writes = predictor.fields
    answers = model.predict([pair.word for pair in pairs], max_length=4 * LEARNED)
    found = []
    for pair, answer in zip(pairs, answers, strict=True):
        read, written = predictor.encode_pair(pair.word, pair.said)
        memory = network.encode(to_torch(reads.collate([read]), torch.device("cpu")))
        first, state = network.start(memory)
        right = torch.as_tensor(np.asarray(written))[None]
        step, _ = network.unroll(torch.cat([first.unsqueeze(1).to(right.dtype), right[:, :-1]], 1), state, memory)
        assert isinstance(network.head, SymbolHead)
        best, _ = network.head.top_k(step, 1, memory)
        after_right = [_letter(writes.display(best[0, place])) for place in range(best.shape[1])]
        own = [*answer.hypotheses[0].tokens, END]
        found.append(Fed(pair.word, [*pair.said, END], after_right, own))
    return found


def _letter(shown: list[str]) -> str:
    return shown[0] if shown else END


def _right(right: list[str], written: list[str]) -> int:
    return sum(one == other for one, other in zip(right, written, strict=False))


def _total(fed: list[Fed], *, own: bool) -> float:
    letters = sum(_right(one.right, one.after_own if own else one.after_right) for one in fed)
    return round(100 * letters / sum(len(one.right) for one in fed), 1)


def _share(fed: list[Fed], own: bool, begin: int, end: int) -> float | None:
    """Right letters at some places in percent; None where hardly a word is so long."""
    places = [(one.right[begin:end], (one.after_own if own else one.after_right)[begin:end]) for one in fed]
    letters = sum(len(right) for right, _ in places)
    return round(100 * sum(_right(*pair) for pair in places) / letters, 1) if letters >= WORDS // 2 else None
