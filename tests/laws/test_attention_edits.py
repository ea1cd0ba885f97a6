"""Changed attention is what the model would say if it attended so, whatever the model and the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.decoding.attention_edits import AttentionEdit, EditedAttention
from unspool.errors import Mistake
from unspool.fields.examples import example_source
from unspool.nn.stepper import TorchStepper
from unspool.types import HandedOver, Question, StepAnswer
from worlds import World, exported_worlds, plain_symbol_worlds

LENGTH, POSITION, BEAM = 5, 3, 3
NOTHING = Question(everything=True)


def source_of(world: World) -> Any:
    return example_source(world.dimensions, (LENGTH,), np.random.default_rng(1), 4)


def torch_of(world: World) -> TorchStepper:
    return TorchStepper(world.build(), torch.device("cpu"))


def steps(stepper: Any, world: World, change: Any = lambda cursor, step: cursor) -> list[StepAnswer]:
    """Three steps of one source, with one row and then with three; change: applied to the cursor before each."""
    cursor, answers, rows = stepper.open(source_of(world)), [], 1
    for step in range(3):
        answer, cursor = stepper.step(change(cursor, step), NOTHING)
        answers.append(answer)
        items = np.arange(4, 4 + BEAM)
        cursor = stepper.select(change(cursor, None), np.zeros(1, int), np.arange(BEAM) % rows, items)
        rows = BEAM
    return answers


def edited(stepper: Any, world: World, *edits: tuple[int, int, float]) -> list[StepAnswer]:
    return steps(EditedAttention(stepper, [AttentionEdit(*edit) for edit in edits]), world)


def allows(stepper: Any, world: World) -> bool:
    return stepper.values(stepper.open(source_of(world))) is not None


def handed_over(stepper: Any, world: World) -> HandedOver:
    found: HandedOver = stepper.handed_over(stepper.open(source_of(world)))
    return found


@plain_symbol_worlds
def test_a_weight_that_stays_changes_nothing_and_one_that_cannot_be_changed_is_refused(world: World) -> None:
    stepper = torch_of(world)
    if not allows(stepper, world):
        with pytest.raises(Mistake, match="cannot be changed"):
            edited(stepper, world, (1, POSITION, 0.5))
        return
    free = steps(stepper, world)
    if (free[0].attention.sum(-1) < 0.999).any():
        return  # a window scales the weights, and what is set adds up to 1
    same = edited(stepper, world, (0, POSITION, float(free[0].attention[0, POSITION])))
    for mine, theirs in zip(same, free, strict=True):
        np.testing.assert_allclose(mine.whole, theirs.whole, atol=1e-5)
        np.testing.assert_allclose(mine.attention, theirs.attention, atol=1e-5)


@plain_symbol_worlds
def test_the_whole_weight_at_a_position_is_a_source_in_which_nothing_else_is_real(world: World) -> None:
    stepper = torch_of(world)
    if not allows(stepper, world) or getattr(world.settings(), "window", "none") not in ("none", "global"):
        return
    whole: dict[str, Any] = {}

    def alone(cursor: Any, step: int | None) -> Any:
        """In step 1, a mask that hides all other positions."""
        if step == 1:
            whole["mask"] = cursor.memory.mask
            only = torch.arange(LENGTH).eq(POSITION).expand_as(cursor.memory.mask)
            return cursor._replace(memory=cursor.memory._replace(mask=only))
        return cursor._replace(memory=cursor.memory._replace(mask=whole["mask"])) if whole and step is None else cursor

    expected, found = steps(stepper, world, alone), edited(stepper, world, (1, POSITION, 1.0))
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.whole, theirs.whole, atol=1e-4)
        np.testing.assert_allclose(mine.attention, theirs.attention, atol=1e-5)
    if world.label == "default":
        assert np.abs(found[1].whole - steps(stepper, world)[1].whole).max() > 1e-3


@exported_worlds
def test_an_export_answers_like_the_model(world: World) -> None:
    if not world.writes_symbols:
        return
    model = torch_of(world)
    if not allows(model, world) and world.model != "cho":  # one export that refuses is enough: each takes seconds
        return
    export = runtime_of(world)
    assert allows(model, world) == allows(export, world)
    for mine, theirs in zip(handed_over(model, world), handed_over(export, world), strict=True):
        assert (mine is None) == (theirs is None)
        if mine is not None and theirs is not None:
            np.testing.assert_allclose(mine, theirs, atol=1e-5)
    if allows(model, world):
        edits = [(0, 0, 0.1), (1, POSITION, 0.9), (1, 0, 0.05)]
        for mine, theirs in zip(edited(export, world, *edits), edited(model, world, *edits), strict=True):
            np.testing.assert_allclose(mine.whole, theirs.whole, atol=1e-4)
            np.testing.assert_allclose(mine.attention, theirs.attention, atol=1e-5)
