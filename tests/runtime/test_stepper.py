"""The runtime's stepper: what it opens, steps and selects, and which graphs it refuses."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest

from exported import exported, runtime_of
from unspool.errors import Mistake
from unspool.runtime.manifest import ENCODER, STEP, read_manifest
from unspool.runtime.stepper import OnnxCursor, OnnxStepper, open_stepper
from unspool.types import BOS, Array, Choices, pad
from worlds import PLAIN

WORLD = next(world for world in PLAIN if (world.model, world.label) == ("luong", "default"))
SOURCE = pad([np.array(ids) for ids in ([4, 5, 6], [7, 2], [8, 4, 8])])


def opened() -> tuple[OnnxStepper, OnnxCursor]:
    stepper = runtime_of(WORLD)
    return stepper, stepper.open(SOURCE)


def same(one: Choices, other: Choices, rows: list[int]) -> None:
    """`one` is `other` at these rows."""
    np.testing.assert_array_equal(one.items, other.items[rows])
    np.testing.assert_allclose(one.log_probs, other.log_probs[rows], atol=1e-6)
    np.testing.assert_allclose(one.attention, other.attention[rows], atol=1e-6)  # type: ignore[arg-type,index]


def widened(stepper: OnnxStepper, cursor: OnnxCursor, share: int = 2) -> OnnxCursor:
    """Different items fed to `share` rows of each memory."""
    _, cursor = stepper.step(cursor, 1)
    rows = np.repeat(np.arange(3), share)
    return stepper.select(cursor, np.arange(3), rows, 2 + np.arange(3 * share) % 6)


def test_open_feeds_the_models_first_item_to_one_row_for_each_source() -> None:
    stepper, cursor = opened()
    assert cursor.last.tolist() == [BOS] * 3
    choices, _ = stepper.step(cursor, 4)
    assert choices.items.shape == choices.log_probs.shape == (3, 4)
    assert choices.attention is not None and choices.attention.shape == SOURCE.values.shape
    assert choices.done is None


def test_there_are_no_more_continuations_than_symbols() -> None:
    stepper, cursor = opened()
    choices, _ = stepper.step(cursor, 2**31 - 1)
    assert choices.items.shape == (3, 6)
    np.testing.assert_allclose(np.exp(choices.log_probs).sum(1), 1, rtol=1e-5)
    assert (np.diff(choices.log_probs) <= 0).all()


@pytest.mark.parametrize(
    ("memories", "rows"),
    [([1], [2, 3]), ([0, 2], [0, 1, 4, 5]), ([2, 1, 0], [5, 4, 3, 2, 1, 0]), ([1, 1, 2], [2, 3, 3, 2, 4, 4])],
    ids=["one left", "middle gone", "turned round", "repeated"],
)
def test_select_keeps_each_row_with_its_own_memory(memories: list[int], rows: list[int]) -> None:
    stepper, cursor = opened()
    cursor = widened(stepper, cursor)
    expected, _ = stepper.step(cursor, 6)
    moved = stepper.select(cursor, np.array(memories), np.array(rows), cursor.last[rows])
    same(stepper.step(moved, 6)[0], expected, rows)


def test_two_selections_in_a_row_are_one() -> None:
    stepper, cursor = opened()
    cursor = widened(stepper, cursor)
    expected, _ = stepper.step(cursor, 6)
    once = stepper.select(cursor, np.array([1, 2]), np.array([3, 2, 4, 4]), cursor.last[[3, 2, 4, 4]])
    twice = stepper.select(once, np.array([1, 0]), np.array([3, 1]), once.last[[3, 1]])
    same(stepper.step(twice, 6)[0], expected, [4, 2])


def test_cursors_are_never_changed() -> None:
    stepper, cursor = opened()
    arrays: list[Array] = [cursor.last, cursor.rows, *cursor.state.values(), *cursor.memory.values()]
    before = [array.copy() for array in arrays]
    first, _ = stepper.step(cursor, 6)
    widened(stepper, cursor)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    same(stepper.step(cursor, 6)[0], first, [0, 1, 2])


def test_memory_is_not_copied_while_all_sources_stay() -> None:
    stepper, cursor = opened()
    assert widened(stepper, cursor).memory is cursor.memory


def test_threads_that_share_it_are_answered_as_one_is_alone() -> None:
    stepper, _ = opened()
    shared, threads = stepper.shared()
    assert threads >= 1

    def asked(_: object) -> Choices:
        cursor = shared.open(SOURCE)
        for _step in range(20):
            choices, cursor = shared.step(cursor, 6)
            cursor = shared.select(cursor, np.arange(3), np.arange(3), choices.items[:, 0])
        return choices

    expected = asked(None)
    with ThreadPoolExecutor(4) as pool:
        for choices in pool.map(asked, range(16)):
            same(choices, expected, [0, 1, 2])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An exported folder of one's own, to be broken at will."""
    return Path(shutil.copytree(exported(WORLD), tmp_path / "onnx"))


@pytest.mark.parametrize("name", [ENCODER, STEP])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut short", "foreign"])
def test_a_broken_graph_is_a_mistake_that_names_the_file(folder: Path, name: str, damage: str) -> None:
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "cut short": content[: len(content) // 2], "foreign": b"<html>" * 99}[damage])
    with pytest.raises(Mistake, match=name):
        open_stepper(folder, read_manifest(folder))


def test_a_graph_of_something_else_is_a_mistake_that_says_what_it_lacks(folder: Path) -> None:
    shutil.copy(folder / ENCODER, folder / STEP)
    with pytest.raises(Mistake, match=r"step\.onnx lacks .*log_probs"):
        open_stepper(folder, read_manifest(folder))


def test_a_leaf_that_the_encoder_does_not_say_is_a_mistake(folder: Path) -> None:
    graph = onnx.load(folder / ENCODER)
    del graph.graph.output[-1]
    onnx.save(graph, folder / ENCODER)
    with pytest.raises(Mistake, match=r"encoder\.onnx lacks memory"):
        open_stepper(folder, read_manifest(folder))
