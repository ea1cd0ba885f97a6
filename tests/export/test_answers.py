"""What a graph answers after its distribution."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from unspool.export.answers import add_answers
from unspool.types import FIRST_EMITTED

GIVEN = np.log(np.array([[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]], dtype=np.float32))


def session() -> onnxruntime.InferenceSession:
    """A graph whose distribution is given, with another output after it."""
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["R", 3])
        for name in ("given", "everything", "attention")
    ]
    nodes = [helper.make_node("Identity", ["given"], [value.name]) for value in values[1:]]
    model = helper.make_model(
        helper.make_graph(nodes, "step", values[:1], values[1:]),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    )
    add_answers(model)
    return onnxruntime.InferenceSession(model.SerializeToString())


def test_answers_come_before_what_was_there() -> None:
    names = [output.name for output in session().get_outputs()]
    assert names == ["items", "log_probs", "log_prob", "everything", "attention"]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 1000])
def test_the_n_best_come_best_first_as_items_and_no_more_than_there_are(n: int) -> None:
    feed = {"given": GIVEN, "n": np.array([n]), "log_prob_of": np.zeros(2, dtype=np.int64)}
    items, log_probs = session().run(["items", "log_probs"], feed)
    order = np.argsort(-GIVEN, axis=1)[:, :n]
    np.testing.assert_array_equal(items, order + FIRST_EMITTED)
    np.testing.assert_allclose(log_probs, np.take_along_axis(GIVEN, order, 1))


def test_no_items_need_be_given() -> None:
    assert session().run(["items"], {"given": GIVEN, "n": np.array([1])})[0].tolist() == [[3], [2]]


@pytest.mark.parametrize("items", [[2, 4], [3, 0], [1, 5], [-7, 10**9]])
def test_of_given_items_those_without_a_class_are_impossible(items: list[int]) -> None:
    [found] = session().run(["log_prob"], {"given": GIVEN, "n": np.array([0]), "log_prob_of": np.array(items)})
    classes = [item - FIRST_EMITTED for item in items]
    assert found.tolist() == [GIVEN[row, c] if 0 <= c < 3 else -np.inf for row, c in enumerate(classes)]
