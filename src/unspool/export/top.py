"""The best continuations, found inside the graph, with their number as an input.

This is the one place where a class becomes an item: the head's first class is `FIRST_EMITTED`.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from unspool.types import FIRST_EMITTED

EVERY = "log_probs_of_all"


def add_top(model: onnx.ModelProto) -> None:
    """Replace the output `log_probs` `[R, C]` by `items` and `log_probs` `[R, n]`, the `n` [1] best, best first.

    Where there are fewer than n classes, it is all of them.
    """
    graph = model.graph
    for node in graph.node:
        node.output[:] = [EVERY if name == "log_probs" else name for name in node.output]
    graph.initializer.append(numpy_helper.from_array(np.array(FIRST_EMITTED), "first_emitted"))
    graph.node.extend(
        [
            helper.make_node("Shape", [EVERY], ["classes"], start=-1),
            helper.make_node("Min", ["n", "classes"], ["many"]),
            helper.make_node("TopK", [EVERY, "many"], ["log_probs", "best"], axis=-1),
            helper.make_node("Add", ["best", "first_emitted"], ["items"]),
        ]
    )
    graph.input.append(helper.make_tensor_value_info("n", TensorProto.INT64, [1]))
    rest = [value for value in graph.output if value.name != "log_probs"]
    del graph.output[:]
    graph.output.extend(
        [
            helper.make_tensor_value_info("items", TensorProto.INT64, ["R", "n"]),
            helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["R", "n"]),
            *rest,
        ]
    )
