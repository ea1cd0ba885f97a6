"""What the checks of an export notice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unspool.errors import Mistake
from unspool.export.parity import SOURCES, check_exact, measure_agreement
from unspool.nn.stepper import TorchStepper
from unspool.types import FIRST_EMITTED, Cursor, Dimensions, Question, StepAnswer, Symbols
from worlds import PLAIN, SOURCE_SYMBOLS, TARGET_SYMBOLS

WORLD = next(world for world in PLAIN if world.model == "luong")
BOTH = Dimensions(Symbols(SOURCE_SYMBOLS), Symbols(TARGET_SYMBOLS))


def stepper(seed: int = 1) -> TorchStepper:
    return TorchStepper(WORLD.build(seed=seed), torch.device("cpu"))


class Changed(TorchStepper):
    """A stepper that says or does something else."""

    def __init__(self, change: Any = None, *, confuse: bool = False) -> None:
        super().__init__(WORLD.build(), torch.device("cpu"))
        self.change, self.confuse = change, confuse

    def step(self, cursor: Any, question: Question) -> tuple[StepAnswer, Any]:
        answer, cursor = super().step(cursor, question)
        return (self.change(answer) if self.change else answer), cursor

    def select(self, cursor: Any, memories: Any, rows: Any, items: Any) -> Cursor:
        return super().select(cursor, memories, np.sort(rows) if self.confuse else rows, items)


def test_a_model_equals_itself() -> None:
    assert {key: check_exact(stepper(), stepper(), BOTH)[key] for key in ("log_prob", "attention")} == {
        "log_prob": 0.0,
        "attention": 0.0,
    }
    assert measure_agreement(stepper(), stepper(), BOTH) == {
        "sources": SOURCES, "answers": 1.0, "choices": 1.0, "log_prob": 0.0,
    }  # fmt: skip


def test_ties_may_change_places() -> None:
    def tied(answer: StepAnswer) -> StepAnswer:
        return answer._replace(log_probs=np.full_like(answer.log_probs, -1.0), everything=-np.ones_like(answer.whole))

    def turned(answer: StepAnswer) -> StepAnswer:
        return tied(answer)._replace(items=answer.best[0][:, ::-1])

    assert check_exact(Changed(tied), Changed(turned), BOTH)["log_prob"] == 0


CHANGES: dict[str, Any] = {
    "other items": lambda answer: answer._replace(items=answer.items % (TARGET_SYMBOLS - 1) + 1),
    "items that do not exist": lambda answer: answer._replace(items=answer.items + 1),
    "other log-probabilities": lambda answer: answer._replace(log_probs=answer.log_probs - 2e-4),
    "not a number": lambda answer: answer._replace(log_probs=answer.log_probs * np.nan),
    "the worst": lambda answer: answer._replace(items=answer.items[:, ::-1], log_probs=answer.log_probs[:, ::-1]),
    "one too many": lambda answer: answer._replace(
        items=np.repeat(answer.items, 2, 1), log_probs=np.repeat(answer.log_probs, 2, 1)
    ),
    "another attention": lambda answer: answer._replace(attention=answer.attention[:, ::-1]),
    "given items otherwise": lambda answer: answer._replace(log_prob=answer.log_prob + 2e-4),
    "given items impossible": lambda answer: answer._replace(log_prob=np.full_like(answer.log_prob, -np.inf)),
    "another distribution": lambda answer: answer._replace(everything=answer.everything[:, ::-1]),
    "a class too many": lambda answer: answer._replace(everything=np.pad(answer.everything, ((0, 0), (0, 1)))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_said_otherwise_is_noticed(change: Any) -> None:
    with pytest.raises(Mistake, match="differ from the model"):
        check_exact(stepper(), Changed(change), BOTH)


def test_rows_that_are_confused_are_noticed() -> None:
    with pytest.raises(Mistake, match="differ from the model"):
        check_exact(stepper(), Changed(confuse=True), BOTH)


def test_another_model_is_not_taken_for_a_rounded_one() -> None:
    certain = [stepper(seed) for seed in (1, 2)]
    for each in certain:
        with torch.no_grad():
            each.model.head.projection.weight.mul_(10)
    with pytest.raises(Mistake, match="differs too much"):
        measure_agreement(*certain, BOTH)


def test_agreement_counts_steps_and_answers() -> None:
    class Second(Changed):
        """Errs in the first step alone, at half of the sources."""

        steps = 0

        def step(self, cursor: Any, question: Question) -> tuple[StepAnswer, Any]:
            answer, cursor = super().step(cursor, question)
            self.steps += 1
            if self.steps == 1:
                half = len(answer.whole) // 2
                answer.best[0][:half] = answer.whole[:half].argsort(1)[:, [-2]] + FIRST_EMITTED
                answer.whole[:half] -= 0.1
            return answer, cursor

    found = measure_agreement(stepper(), Second(), BOTH)
    assert found["answers"] == 0.5 < found["choices"] < 1
    assert found["log_prob"] > 0
