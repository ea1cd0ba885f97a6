"""Products of embeddings that are looked up are the products."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from unspool.export.tables import tabulate

SIZE, OUT = 4, 3
IDS = np.array([2, 0, 1, 2])


def graph(symbols: int, *nodes: onnx.NodeProto, outputs: tuple[str, ...] = ("y",)) -> onnx.ModelProto:
    """`nodes` over `e`, an embedding of ids, with W `[SIZE, OUT]`, its transpose and b as constants."""
    draw = np.random.default_rng(1)
    weight = draw.standard_normal((SIZE, OUT)).astype(np.float32)
    constants = {"table": draw.standard_normal((symbols, SIZE)), "W": weight, "WT": weight.T.copy(), "b": weight[0]}
    made = helper.make_graph(
        [helper.make_node("Gather", ["table", "ids"], ["e"]), *nodes],
        "graph",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["R"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()]
        + [numpy_helper.from_array(np.array([1]), "one")],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def run(model: onnx.ModelProto) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"ids": IDS})


PRODUCTS = {
    "with a bias": [helper.make_node("Gemm", ["e", "W", "b"], ["y"])],
    "transposed": [helper.make_node("Gemm", ["e", "WT"], ["y"], transB=1)],
    "plain": [helper.make_node("MatMul", ["e", "W"], ["y"])],
    "widened": [helper.make_node("Unsqueeze", ["e", "one"], ["w"]), helper.make_node("MatMul", ["w", "W"], ["y"])],
}


@pytest.mark.parametrize("nodes", PRODUCTS.values(), ids=PRODUCTS)
def test_a_product_becomes_a_table_that_says_the_same(nodes: list[onnx.NodeProto]) -> None:
    model = graph(3, *nodes)
    (expected,), size = run(model), model.ByteSize()
    tabulate(model)
    assert not {"Gemm", "MatMul"} & {node.op_type for node in model.graph.node}
    np.testing.assert_allclose(run(model)[0], expected, atol=1e-6)
    assert model.ByteSize() < size


def test_many_symbols_keep_the_product() -> None:
    model = graph(SIZE + 1, *PRODUCTS["plain"])
    tabulate(model)
    assert [node.op_type for node in model.graph.node] == ["Gather", "MatMul"]


def test_an_embedding_that_is_read_elsewhere_stays() -> None:
    model = graph(3, *PRODUCTS["plain"], outputs=("y", "e"))
    expected = run(model)
    tabulate(model)
    assert [node.op_type for node in model.graph.node] == ["Gather", "Gather"]
    for one, other in zip(run(model), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
