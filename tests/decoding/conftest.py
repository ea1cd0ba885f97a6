"""A stepper in plain NumPy whose log-probabilities depend on the whole prefix and on the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pytest

from unspool.decoding.table import look_up
from unspool.types import EOS, FIRST_EMITTED, Array, Question, Sequences, StepAnswer


class ToyCursor(NamedTuple):
    memories: list[tuple[int, ...]]
    rows: list[tuple[tuple[int, ...], tuple[int, ...]]]  # (the source it was started on, what was written)
    width: int  # of the padded sources


@dataclass
class ToyStepper:
    """Random conditional tables over EOS and `letters` more items; keeps the number of memories and rows of each step.

    impossible: share of continuations with log-probability -inf
    finishing:  share of prefixes after which the model itself says that it has finished
    questions:  what it was asked
    threads:    that may ask it at once
    """

    seed: int = 0
    letters: int = 2
    impossible: float = 0.0
    finishing: float = 0.0
    eos_bonus: float = 0.0
    threads: int = 1
    sizes: list[tuple[int, int]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    _known: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[Array, bool]] = field(default_factory=dict)

    @property
    def symbols(self) -> list[int]:
        return [EOS, *range(EOS + 1, EOS + 1 + self.letters)]

    def says(self, source: tuple[int, ...], prefix: tuple[int, ...]) -> tuple[Array, bool]:
        """Log-probabilities of `symbols`, and whether the model has finished with this step."""
        if (source, prefix) not in self._known:
            random = np.random.default_rng([self.seed, 1, *source, 0, *prefix])
            logits = 2 * random.normal(size=self.letters + 1)
            logits[0] += self.eos_bonus
            log_probs = logits - np.logaddexp.reduce(logits)
            log_probs[random.random(self.letters + 1) < self.impossible] = -np.inf
            self._known[source, prefix] = log_probs, bool(prefix) and random.random() < self.finishing
        return self._known[source, prefix]

    def looks(self, source: tuple[int, ...], prefix: tuple[int, ...]) -> Array:
        return np.random.default_rng([self.seed, 2, *source, 0, *prefix]).random(len(source))

    def open(self, source: Sequences[Array]) -> ToyCursor:
        sources = [tuple(row[:n].tolist()) for row, n in zip(source.values, source.lengths, strict=True)]
        return ToyCursor(sources, [(s, ()) for s in sources], source.values.shape[1])

    @property
    def distribution(self) -> None:
        return None

    def step(self, cursor: ToyCursor, question: Question) -> tuple[StepAnswer, ToyCursor]:
        self.sizes.append((len(cursor.memories), len(cursor.rows)))
        self.questions.append(question)
        said = [self.says(*row) for row in cursor.rows]
        table = np.full((len(said), EOS + 1 + self.letters - FIRST_EMITTED), -np.inf)
        table[:, EOS - FIRST_EMITTED :] = [log_probs for log_probs, _ in said]
        attention = np.full((len(said), cursor.width), np.nan)
        for weights, row in zip(attention, cursor.rows, strict=True):
            weights[: len(row[0])] = self.looks(*row)
        done = np.array([done for _, done in said]) if self.finishing else None
        return look_up(table, question)._replace(attention=attention, done=done), cursor

    def select(self, cursor: ToyCursor, memories: Array, rows: Array, items: Array) -> ToyCursor:
        kept = [cursor.memories[m] for m in memories]
        grown = [(cursor.rows[r][0], (*cursor.rows[r][1], int(item))) for r, item in zip(rows, items, strict=True)]
        share, rest = divmod(len(grown), len(kept))
        assert rest == 0, "rows must be rectangular"
        assert all(source == kept[r // share] for r, (source, _) in enumerate(grown)), "a row reads another's memory"
        return ToyCursor(kept, grown, cursor.width)

    def shared(self) -> tuple[ToyStepper, int]:
        return self, self.threads

    def log_prob(self, source: tuple[int, ...], written: tuple[int, ...]) -> float:
        """The sum of the steps' log-probabilities of `written`, EOS included if it is there."""
        return float(sum(self.says(source, written[:t])[0][self.symbols.index(item)] for t, item in enumerate(written)))


@pytest.fixture(scope="session")
def toy() -> type[ToyStepper]:
    return ToyStepper
