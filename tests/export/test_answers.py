"""The best continuations, found inside a graph."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from unspool.export.top import add_top
from unspool.types import FIRST_EMITTED

GIVEN = np.log(np.array([[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]], dtype=np.float32))


@pytest.mark.parametrize("n", [1, 2, 3, 1000])
def test_the_n_best_come_best_first_as_items_and_no_more_than_there_are(n: int) -> None:
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["R", 3]) for name in ("given", "log_probs", "attention")
    ]
    nodes = [helper.make_node("Identity", ["given"], [value.name]) for value in values[1:]]
    model = helper.make_model(
        helper.make_graph(nodes, "step", values[:1], values[1:]),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    )
    add_top(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    assert [output.name for output in session.get_outputs()] == ["items", "log_probs", "attention"]
    items, log_probs, _ = session.run(None, {"given": GIVEN, "n": np.array([n])})
    order = np.argsort(-GIVEN, axis=1)[:, :n]
    np.testing.assert_array_equal(items, order + FIRST_EMITTED)
    np.testing.assert_allclose(log_probs, np.take_along_axis(GIVEN, order, 1))
