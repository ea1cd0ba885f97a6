"""The stepper that search drives: what it opens, steps, and selects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unspool.nn.stepper import TorchCursor, TorchStepper, to_torch
from unspool.types import BOS, Array, Question, Sequences, StepAnswer
from worlds import PLAIN, World, assert_same, leaves, on, plain_symbol_worlds, plain_worlds

SOURCES = [np.array(ids) for ids in ([4, 5, 6], [7, 2], [8, 4, 8])]


def source_of(world: World) -> Sequences[Array]:
    return world.batch(SOURCES)


def opened(world: World) -> tuple[TorchStepper, TorchCursor]:
    stepper = TorchStepper(world.build(), torch.device("cpu"))
    return stepper, stepper.open(source_of(world))


def asked(world: World, top_k: int = 6) -> Question:
    """For the best continuations, of real values for everything."""
    return Question(top_k) if world.writes_symbols else Question(everything=True)


def numbers(answer: StepAnswer) -> Array:
    """The log-probabilities of the best, or the parameters of a density."""
    return answer.best[1] if answer.items is not None else answer.whole


def same(one: StepAnswer, other: StepAnswer, rows: list[int]) -> None:
    """`one` is `other` at these rows."""
    if other.items is not None:
        np.testing.assert_array_equal(one.best[0], other.best[0][rows])
    np.testing.assert_allclose(numbers(one), numbers(other)[rows], atol=1e-5)
    for looked, expected in zip(leaves(one.attention), leaves(other.attention), strict=True):
        np.testing.assert_allclose(looked, expected[rows], atol=1e-5)


def widened(world: World, stepper: TorchStepper, cursor: TorchCursor, share: int = 2) -> TorchCursor:
    """Different items fed to `share` rows of each memory."""
    _, cursor = stepper.step(cursor, asked(world, 1))
    rows = np.repeat(np.arange(3), share)
    values = world.random_items(3 * share).numpy()
    return stepper.select(cursor, np.arange(3), rows, 2 + np.arange(3 * share) % 6 if world.writes_symbols else values)


@plain_symbol_worlds
def test_open_gives_one_row_for_each_source(world: World) -> None:
    stepper, cursor = opened(world)
    assert {len(leaf) for leaf in leaves(cursor[:3])} == {3}
    items, log_probs = stepper.step(cursor, Question(4))[0].best
    assert items.shape == log_probs.shape == (3, 4)
    assert isinstance(items, np.ndarray)


@plain_symbol_worlds
def test_a_step_answers_what_the_models_head_does(world: World) -> None:
    stepper, cursor = opened(world)
    given = np.array([4, 5, 7])
    answer, _ = stepper.step(cursor, Question(3))
    whole, _ = stepper.step(cursor, Question(3, given, everything=True))
    one, _ = stepper.step(cursor, Question(log_prob_of=given))
    model: Any = stepper.model
    with torch.no_grad():
        memory = model.encode(to_torch(source_of(world), torch.device("cpu")))
        first, state = model.start(memory)
        step, _ = model.step(first, state, memory)
        items, log_probs = model.head.top_k(step, 3, memory)
        table = model.head.log_probs(step, memory)
        log_prob = model.head.log_prob(step, torch.from_numpy(given), memory)
    for found in (answer, whole):
        np.testing.assert_array_equal(found.best[0], items.numpy())
        np.testing.assert_allclose(found.best[1], log_probs.numpy(), atol=1e-6)
    for found in (one, whole):
        np.testing.assert_allclose(found.given, log_prob.numpy(), atol=1e-5)
    np.testing.assert_allclose(whole.whole, table.numpy(), atol=1e-6)
    assert answer.everything is answer.log_prob is one.items is one.everything is None


@on(world for world in PLAIN if not world.writes_symbols)
def test_a_step_answers_what_the_head_of_a_density_does(world: World) -> None:
    stepper, cursor = opened(world)
    given = world.random_items(3)
    answer, _ = stepper.step(cursor, Question(log_prob_of=given.numpy(), everything=True))
    model: Any = stepper.model
    with torch.no_grad():
        memory = model.encode(to_torch(source_of(world), torch.device("cpu")))
        step, _ = model.step(*model.start(memory), memory)
        np.testing.assert_allclose(answer.whole, model.head.density_parameters(step, memory).numpy(), atol=1e-6)
        np.testing.assert_allclose(answer.given, model.head.log_prob(step, given, memory).numpy(), atol=1e-5)
    assert answer.items is answer.log_probs is None


@plain_symbol_worlds
def test_an_item_that_no_vocabulary_has_is_impossible(world: World) -> None:
    stepper, cursor = opened(world)
    for question in (Question(log_prob_of=np.array([0, 1, 900])), Question(1, np.array([0, 1, 900]))):
        assert np.isneginf(stepper.step(cursor, question)[0].given).all()


@plain_worlds
def test_step_carries_the_state(world: World) -> None:
    if world.task.target == "label":
        pytest.skip("one step and done")
    stepper, cursor = opened(world)
    answer, cursor = stepper.step(cursor, asked(world))
    again, _ = stepper.step(cursor, asked(world))
    assert not np.allclose(numbers(again), numbers(answer), atol=1e-3)


@plain_worlds
def test_select_takes_rows_with_their_states_and_feeds_their_items(world: World) -> None:
    stepper, cursor = opened(world)
    cursor = widened(world, stepper, cursor)
    expected, _ = stepper.step(cursor, asked(world))
    rows = [1, 0, 2, 2, 5, 4]
    moved = stepper.select(cursor, np.arange(3), np.array(rows), cursor.last.numpy()[rows])
    same(stepper.step(moved, asked(world))[0], expected, rows)


@plain_worlds
@pytest.mark.parametrize(
    ("memories", "rows"),
    [([1], [2, 3]), ([0, 2], [0, 1, 4, 5]), ([2, 1, 0], [5, 4, 3, 2, 1, 0]), ([1, 1, 2], [2, 3, 3, 2, 4, 4])],
    ids=["one left", "middle gone", "turned round", "repeated"],
)
def test_select_keeps_each_row_with_its_own_memory(world: World, memories: list[int], rows: list[int]) -> None:
    stepper, cursor = opened(world)
    cursor = widened(world, stepper, cursor)
    expected, _ = stepper.step(cursor, asked(world))
    moved = stepper.select(cursor, np.array(memories), np.array(rows), cursor.last.numpy()[rows])
    same(stepper.step(moved, asked(world))[0], expected, rows)


@plain_worlds
def test_select_changes_how_many_rows_share_a_memory(world: World) -> None:
    stepper, cursor = opened(world)
    cursor = widened(world, stepper, cursor, 3)
    expected, _ = stepper.step(cursor, asked(world))
    rows = [2, 5, 8]
    narrowed = stepper.select(cursor, np.arange(3), np.array(rows), cursor.last.numpy()[rows])
    same(stepper.step(narrowed, asked(world))[0], expected, rows)


@plain_worlds
def test_cursors_are_never_changed(world: World) -> None:
    stepper, cursor = opened(world)
    before = [leaf.clone() for leaf in leaves(cursor[:3])]
    widened(world, stepper, cursor)
    assert_same(tuple(leaves(cursor[:3])), tuple(before), rtol=0, atol=0)


def test_memory_is_not_copied_while_all_sources_stay() -> None:
    world = PLAIN[0]
    stepper, cursor = opened(world)
    assert widened(world, stepper, cursor).memory is cursor.memory


def test_open_feeds_the_models_first_item() -> None:
    _, cursor = opened(PLAIN[0])
    assert cursor.last.tolist() == [BOS] * 3


def test_nothing_is_recorded_for_gradients() -> None:
    stepper, cursor = opened(PLAIN[0])
    _, stepped = stepper.step(cursor, Question(1))
    assert not any(leaf.requires_grad for leaf in leaves(stepped[:3]))


def test_both_levels_of_lengths_reach_the_device() -> None:
    moved = to_torch(Sequences(np.ones((1, 2, 3)), np.array([2]), np.array([[3, 1]])), torch.device("cpu"))
    assert moved.values.shape == (1, 2, 3)
    assert moved.lengths.tolist() == [2]
    assert moved.inner is not None and moved.inner.tolist() == [[3, 1]]
