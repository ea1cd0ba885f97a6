"""What the checks of an export notice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unspool.errors import Mistake
from unspool.export.parity import SOURCES, check_exact, measure_agreement
from unspool.nn.stepper import TorchStepper
from unspool.types import Choices, Cursor
from worlds import PLAIN, SIZES

WORLD = next(world for world in PLAIN if world.model == "luong")


def stepper(seed: int = 1) -> TorchStepper:
    return TorchStepper(WORLD.build(seed=seed), torch.device("cpu"))


class Changed(TorchStepper):
    """A stepper that says or does something else."""

    def __init__(self, change: Any = None, *, confuse: bool = False) -> None:
        super().__init__(WORLD.build(), torch.device("cpu"))
        self.change, self.confuse = change, confuse

    def step(self, cursor: Any, n: int) -> tuple[Choices, Any]:
        choices, cursor = super().step(cursor, n)
        return (self.change(choices) if self.change else choices), cursor

    def select(self, cursor: Any, memories: Any, rows: Any, items: Any) -> Cursor:
        return super().select(cursor, memories, np.sort(rows) if self.confuse else rows, items)


def test_a_model_equals_itself() -> None:
    assert {key: check_exact(stepper(), stepper(), SIZES)[key] for key in ("log_prob", "attention")} == {
        "log_prob": 0.0,
        "attention": 0.0,
    }
    assert measure_agreement(stepper(), stepper(), SIZES) == {
        "sources": SOURCES, "answers": 1.0, "choices": 1.0, "log_prob": 0.0,
    }  # fmt: skip


def test_ties_may_change_places() -> None:
    def tied(choices: Choices) -> Choices:
        return choices._replace(log_probs=np.full_like(choices.log_probs, -1.0))

    def turned(choices: Choices) -> Choices:
        return tied(choices)._replace(items=choices.items[:, ::-1])

    assert check_exact(Changed(tied), Changed(turned), SIZES)["log_prob"] == 0


CHANGES: dict[str, Any] = {
    "other items": lambda choices: choices._replace(items=choices.items % (SIZES.target - 1) + 1),
    "items that do not exist": lambda choices: choices._replace(items=choices.items + 1),
    "other log-probabilities": lambda choices: choices._replace(log_probs=choices.log_probs - 2e-4),
    "not a number": lambda choices: choices._replace(log_probs=choices.log_probs * np.nan),
    "the worst": lambda choices: choices._replace(items=choices.items[:, ::-1], log_probs=choices.log_probs[:, ::-1]),
    "one too many": lambda choices: choices._replace(
        items=np.repeat(choices.items, 2, 1), log_probs=np.repeat(choices.log_probs, 2, 1)
    ),
    "another attention": lambda choices: choices._replace(attention=choices.attention[:, ::-1]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_said_otherwise_is_noticed(change: Any) -> None:
    with pytest.raises(Mistake, match="differ from the model"):
        check_exact(stepper(), Changed(change), SIZES)


def test_rows_that_are_confused_are_noticed() -> None:
    with pytest.raises(Mistake, match="differ from the model"):
        check_exact(stepper(), Changed(confuse=True), SIZES)


def test_another_model_is_not_taken_for_a_rounded_one() -> None:
    certain = [stepper(seed) for seed in (1, 2)]
    for each in certain:
        with torch.no_grad():
            each.model.head.projection.weight.mul_(10)
    with pytest.raises(Mistake, match="little in common"):
        measure_agreement(*certain, SIZES)


def test_agreement_counts_steps_and_answers() -> None:
    class Second(Changed):
        """Errs in the first step alone, at half of the sources."""

        steps = 0

        def step(self, cursor: Any, n: int) -> tuple[Choices, Any]:
            choices, cursor = super().step(cursor, n)
            self.steps += 1
            if self.steps == 1:
                half = len(choices.items) // 2
                choices.items[:half, [0, 1]] = choices.items[:half, [1, 0]]
            return choices, cursor

    found = measure_agreement(stepper(), Second(), SIZES)
    assert found["answers"] == 0.5 < found["choices"] < 1
    assert found["log_prob"] > 0
