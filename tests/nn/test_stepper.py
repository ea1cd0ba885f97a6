"""The stepper that search drives: what it opens, steps, and selects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unspool.nn.stepper import TorchCursor, TorchStepper, to_torch
from unspool.types import BOS, Array, Choices, Sequences, pad_sources
from worlds import PLAIN, World, assert_same, leaves, plain_worlds

SOURCES = [np.array(ids) for ids in ([4, 5, 6], [7, 2], [8, 4, 8])]


def source_of(world: World) -> Sequences[Array]:
    return pad_sources(world.sources(SOURCES))


def opened(world: World) -> tuple[TorchStepper, TorchCursor]:
    stepper = TorchStepper(world.build(), torch.device("cpu"))
    return stepper, stepper.open(source_of(world))


def same(one: Choices, other: Choices, rows: list[int]) -> None:
    """`one` is `other` at these rows."""
    np.testing.assert_array_equal(one.items, other.items[rows])
    np.testing.assert_allclose(one.log_probs, other.log_probs[rows], atol=1e-5)
    for looked, expected in zip(leaves(one.attention), leaves(other.attention), strict=True):
        np.testing.assert_allclose(looked, expected[rows], atol=1e-5)


def widened(stepper: TorchStepper, cursor: TorchCursor, share: int = 2) -> TorchCursor:
    """Different items fed to `share` rows of each memory."""
    _, cursor = stepper.step(cursor, 1)
    rows = np.repeat(np.arange(3), share)
    return stepper.select(cursor, np.arange(3), rows, 2 + np.arange(3 * share) % 6)


@plain_worlds
def test_open_gives_one_row_for_each_source(world: World) -> None:
    stepper, cursor = opened(world)
    assert {len(leaf) for leaf in leaves(cursor[:3])} == {3}
    choices, _ = stepper.step(cursor, 4)
    assert choices.items.shape == choices.log_probs.shape == (3, 4)
    assert isinstance(choices.items, np.ndarray)


@plain_worlds
def test_step_says_what_the_model_says(world: World) -> None:
    stepper, cursor = opened(world)
    choices, _ = stepper.step(cursor, 3)
    model: Any = stepper.model
    with torch.no_grad():
        memory = model.encode(to_torch(source_of(world), torch.device("cpu")))
        first, state = model.start(memory)
        step, _ = model.step(first, state, memory)
        items, log_probs = model.head.top(step, 3, memory)
    np.testing.assert_array_equal(choices.items, items.numpy())
    np.testing.assert_allclose(choices.log_probs, log_probs.numpy(), atol=1e-6)


@plain_worlds
def test_step_carries_the_state(world: World) -> None:
    if world.form.writes == "label":
        pytest.skip("one step and done")
    stepper, cursor = opened(world)
    choices, cursor = stepper.step(cursor, 6)
    again, _ = stepper.step(cursor, 6)
    assert not np.allclose(again.log_probs, choices.log_probs, atol=1e-3)


@plain_worlds
def test_select_takes_rows_with_their_states_and_feeds_their_items(world: World) -> None:
    stepper, cursor = opened(world)
    cursor = widened(stepper, cursor)
    expected, _ = stepper.step(cursor, 6)
    rows = [1, 0, 2, 2, 5, 4]
    moved = stepper.select(cursor, np.arange(3), np.array(rows), cursor.last.numpy()[rows])
    same(stepper.step(moved, 6)[0], expected, rows)


@plain_worlds
@pytest.mark.parametrize(
    ("memories", "rows"),
    [([1], [2, 3]), ([0, 2], [0, 1, 4, 5]), ([2, 1, 0], [5, 4, 3, 2, 1, 0]), ([1, 1, 2], [2, 3, 3, 2, 4, 4])],
    ids=["one left", "middle gone", "turned round", "repeated"],
)
def test_select_keeps_each_row_with_its_own_memory(world: World, memories: list[int], rows: list[int]) -> None:
    stepper, cursor = opened(world)
    cursor = widened(stepper, cursor)
    expected, _ = stepper.step(cursor, 6)
    moved = stepper.select(cursor, np.array(memories), np.array(rows), cursor.last.numpy()[rows])
    same(stepper.step(moved, 6)[0], expected, rows)


@plain_worlds
def test_select_changes_how_many_rows_share_a_memory(world: World) -> None:
    stepper, cursor = opened(world)
    cursor = widened(stepper, cursor, 3)
    expected, _ = stepper.step(cursor, 6)
    rows = [2, 5, 8]
    narrowed = stepper.select(cursor, np.arange(3), np.array(rows), cursor.last.numpy()[rows])
    same(stepper.step(narrowed, 6)[0], expected, rows)


@plain_worlds
def test_cursors_are_never_changed(world: World) -> None:
    stepper, cursor = opened(world)
    before = [leaf.clone() for leaf in leaves(cursor[:3])]
    widened(stepper, cursor)
    assert_same(tuple(leaves(cursor[:3])), tuple(before), rtol=0, atol=0)


def test_memory_is_not_copied_while_all_sources_stay() -> None:
    stepper, cursor = opened(PLAIN[0])
    assert widened(stepper, cursor).memory is cursor.memory


def test_open_feeds_the_models_first_item() -> None:
    _, cursor = opened(PLAIN[0])
    assert cursor.last.tolist() == [BOS] * 3


def test_nothing_is_recorded_for_gradients() -> None:
    stepper, cursor = opened(PLAIN[0])
    _, stepped = stepper.step(cursor, 1)
    assert not any(leaf.requires_grad for leaf in leaves(stepped[:3]))


def test_both_levels_of_lengths_reach_the_device() -> None:
    moved = to_torch(Sequences(np.ones((1, 2, 3)), np.array([2]), np.array([[3, 1]])), torch.device("cpu"))
    assert moved.values.shape == (1, 2, 3)
    assert moved.lengths.tolist() == [2]
    assert moved.inner is not None and moved.inner.tolist() == [[3, 1]]
