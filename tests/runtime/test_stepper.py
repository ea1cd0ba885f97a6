"""The runtime's stepper: what it opens, steps and selects, and which graphs it refuses."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest

from exported import exported, runtime_of
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.runtime.manifest import ENCODER, MANIFEST, STEP, hash_of, read_manifest
from unspool.runtime.stepper import OnnxCursor, OnnxStepper, open_stepper
from unspool.types import BOS, Array, Question, StepAnswer
from worlds import PLAIN

WORLD = next(world for world in PLAIN if (world.model, world.label) == ("luong", "default"))
SOURCE = pad([np.array(ids) for ids in ([4, 5, 6], [7, 2], [8, 4, 8])])


def opened() -> tuple[OnnxStepper, OnnxCursor]:
    stepper = runtime_of(WORLD)
    return stepper, stepper.open(SOURCE)


def same(one: StepAnswer, other: StepAnswer, rows: list[int]) -> None:
    """`one` is `other` at these rows."""
    np.testing.assert_array_equal(one.best[0], other.best[0][rows])
    np.testing.assert_allclose(one.best[1], other.best[1][rows], atol=1e-6)
    np.testing.assert_allclose(one.attention, other.attention[rows], atol=1e-6)  # type: ignore[arg-type,index]


def widened(stepper: OnnxStepper, cursor: OnnxCursor, share: int = 2) -> OnnxCursor:
    """Different items fed to `share` rows of each memory."""
    _, cursor = stepper.step(cursor, Question(1))
    rows = np.repeat(np.arange(3), share)
    return stepper.select(cursor, np.arange(3), rows, 2 + np.arange(3 * share) % 6)


def test_open_feeds_the_models_first_item_to_one_row_for_each_source() -> None:
    stepper, cursor = opened()
    assert cursor.last.tolist() == [BOS] * 3
    answer, _ = stepper.step(cursor, Question(4))
    assert answer.best[0].shape == answer.best[1].shape == (3, 4)
    assert answer.attention is not None and answer.attention.shape == SOURCE.values.shape
    assert answer.done is None


def test_there_are_no_more_continuations_than_symbols() -> None:
    stepper, cursor = opened()
    items, log_probs = stepper.step(cursor, Question(2**31 - 1))[0].best
    assert items.shape == (3, 6)
    np.testing.assert_allclose(np.exp(log_probs).sum(1), 1, rtol=1e-5)
    assert (np.diff(log_probs) <= 0).all()


def test_only_what_is_asked_is_answered() -> None:
    stepper, cursor = opened()
    assert stepper.step(cursor, Question())[0][:4] == (None,) * 4
    answer, _ = stepper.step(cursor, Question(2, np.array([4, 900, 0]), everything=True))
    table = stepper.step(cursor, Question(everything=True))[0].whole
    np.testing.assert_array_equal(answer.whole, table)
    assert answer.given.tolist() == [table[0, 2], -np.inf, -np.inf]
    same(answer, stepper.step(cursor, Question(2))[0], [0, 1, 2])


@pytest.mark.parametrize(
    "question",
    [Question(1), Question(3), Question(99), Question(log_prob_of=np.array([4, 1, 30])), Question(everything=True),
     Question(2, np.array([3, 5, 7]), everything=True)],
    ids=["greedy", "a beam", "more than there are", "given items", "everything", "all of it"],
)  # fmt: skip
def test_graphs_of_the_first_release_answer_all_questions(tmp_path: Path, question: Question) -> None:
    """They name the best continuations and nothing else."""
    old, cursor = opened_old(tmp_path)
    new, other = opened()
    for one, expected in zip(old.step(cursor, question)[0], new.step(other, question)[0], strict=True):
        assert (one is None) == (expected is None)
        if one is not None:
            np.testing.assert_allclose(one, expected, atol=1e-6)


def opened_old(folder: Path) -> tuple[OnnxStepper, OnnxCursor]:
    """Graphs as the first release wrote them, without what came later, and their manifest."""
    shutil.copytree(exported(WORLD), folder, dirs_exist_ok=True)
    model = onnx.load(folder / STEP)
    inputs, outputs = {"log_prob_of"}, {"log_prob", "everything"}
    for values, gone in ((model.graph.input, inputs), (model.graph.output, outputs)):
        for value in [value for value in values if value.name in gone]:
            values.remove(value)
    made_of = {node.output[0]: node for node in model.graph.node}
    later = [made_of["log_prob"]]
    while later:  # the nodes that nothing else reads
        node = later.pop()
        model.graph.node.remove(node)
        read = {name for other in model.graph.node for name in other.input}
        later += [made_of[name] for name in node.input if name in made_of and name not in read | {"everything"}]
    onnx.save(model, folder / STEP)
    values = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(
        json.dumps({k: v for k, v in values.items() if k not in ("answers", "distribution")})
    )
    stepper = open_stepper(folder, read_manifest(folder), threads=1)
    return stepper, stepper.open(SOURCE)


@pytest.mark.parametrize(
    ("memories", "rows"),
    [([1], [2, 3]), ([0, 2], [0, 1, 4, 5]), ([2, 1, 0], [5, 4, 3, 2, 1, 0]), ([1, 1, 2], [2, 3, 3, 2, 4, 4])],
    ids=["one left", "middle gone", "turned round", "repeated"],
)
def test_select_keeps_each_row_with_its_own_memory(memories: list[int], rows: list[int]) -> None:
    stepper, cursor = opened()
    cursor = widened(stepper, cursor)
    expected, _ = stepper.step(cursor, Question(6))
    moved = stepper.select(cursor, np.array(memories), np.array(rows), cursor.last[rows])
    same(stepper.step(moved, Question(6))[0], expected, rows)


def test_two_selections_in_a_row_are_one() -> None:
    stepper, cursor = opened()
    cursor = widened(stepper, cursor)
    expected, _ = stepper.step(cursor, Question(6))
    once = stepper.select(cursor, np.array([1, 2]), np.array([3, 2, 4, 4]), cursor.last[[3, 2, 4, 4]])
    twice = stepper.select(once, np.array([1, 0]), np.array([3, 1]), once.last[[3, 1]])
    same(stepper.step(twice, Question(6))[0], expected, [4, 2])


def test_cursors_are_never_changed() -> None:
    stepper, cursor = opened()
    arrays: list[Array] = [cursor.last, cursor.rows, *cursor.state.values(), *cursor.memory.values()]
    before = [array.copy() for array in arrays]
    first, _ = stepper.step(cursor, Question(6))
    widened(stepper, cursor)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    same(stepper.step(cursor, Question(6))[0], first, [0, 1, 2])


def test_memory_is_not_copied_while_all_sources_stay() -> None:
    stepper, cursor = opened()
    assert widened(stepper, cursor).memory is cursor.memory


def test_threads_that_share_it_are_answered_as_one_is_alone() -> None:
    stepper, _ = opened()
    shared, threads = stepper.shared()
    assert threads >= 1

    def asked(_: object) -> StepAnswer:
        cursor = shared.open(SOURCE)
        for _step in range(20):
            answer, cursor = shared.step(cursor, Question(6))
            cursor = shared.select(cursor, np.arange(3), np.arange(3), answer.best[0][:, 0])
        return answer

    expected = asked(None)
    with ThreadPoolExecutor(4) as pool:
        for answer in pool.map(asked, range(16)):
            same(answer, expected, [0, 1, 2])


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


def test_a_state_that_the_graph_does_not_take_is_a_mistake(folder: Path) -> None:
    manifest = read_manifest(folder)
    for state in ([*manifest.state, manifest.memory[0]], [manifest.state[0]] * len(manifest.state), manifest.state[1:]):
        with pytest.raises(Mistake, match="another export"):
            open_stepper(folder, manifest.model_copy(update={"state": state}))


def test_an_encoder_of_another_size_is_a_mistake(folder: Path) -> None:
    graph = onnx.load(folder / STEP)
    (leaf,) = [value for value in graph.graph.input if value.name == read_manifest(folder).state[0]]
    leaf.type.tensor_type.shape.dim[-1].dim_value += 1
    onnx.save(graph, folder / STEP)
    with pytest.raises(Mistake, match="onnx"):
        open_stepper(folder, read_manifest(folder))


def test_a_graph_that_changes_after_it_was_opened_is_noticed(folder: Path) -> None:
    hashes = {name: hash_of(folder / name) for name in (ENCODER, STEP)}
    stepper = open_stepper(folder, read_manifest(folder).model_copy(update={"hashes": hashes}), threads=2)
    (folder / ENCODER).write_bytes((folder / STEP).read_bytes())
    with pytest.raises(Mistake, match=r"encoder\.onnx has changed since it was exported"):
        stepper.encoder.run(["first"], {}, alone=False)


def test_a_question_that_a_graph_cannot_compute_is_a_mistake(folder: Path) -> None:
    stepper = open_stepper(folder, read_manifest(folder))
    with pytest.raises(Mistake, match=r"encoder\.onnx cannot answer"):
        stepper.encoder.run(["first"], {"source": np.zeros(3)}, alone=True)


def test_a_leaf_that_the_encoder_does_not_say_is_a_mistake(folder: Path) -> None:
    graph = onnx.load(folder / ENCODER)
    del graph.graph.output[-1]
    onnx.save(graph, folder / ENCODER)
    with pytest.raises(Mistake, match=r"encoder\.onnx lacks memory"):
        open_stepper(folder, read_manifest(folder))
