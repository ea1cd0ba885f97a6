"""Nodes after the distribution of a step's graph: the best continuations, and log-probabilities of given items.

Here classes become items: the head's first class is the item `FIRST_EMITTED`.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from unspool.runtime.manifest import EVERYTHING
from unspool.types import FIRST_EMITTED


def add_answers(model: onnx.ModelProto) -> None:
    """Add to a graph whose first output is `everything`, the log-probabilities `[R, C]` of all classes:

    input `n` [1]              outputs `items`, `log_probs` `[R, n]`: the n best, best first, or all if there are
                               fewer; n = 0 costs nothing
    input `log_prob_of` `[R]`  output `log_prob` `[R]`: that of one item for each row; -inf for an item without a class.
                               The input is optional, because earlier releases do not have it
    """
    graph = model.graph
    graph.node.extend([*_best(), *_given()])
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array(FIRST_EMITTED), "first_emitted"),
            numpy_helper.from_array(np.zeros(0, dtype=np.int64), "log_prob_of"),
            numpy_helper.from_array(np.array(0), "none"),
            numpy_helper.from_array(np.array([1]), "last_axis"),
            numpy_helper.from_array(np.array(-np.inf, dtype=np.float32), "impossible"),
        ]
    )
    graph.input.extend(
        [
            helper.make_tensor_value_info("n", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("log_prob_of", TensorProto.INT64, ["given"]),
        ]
    )
    answers = [
        helper.make_tensor_value_info("items", TensorProto.INT64, ["R", "n"]),
        helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["R", "n"]),
        helper.make_tensor_value_info("log_prob", TensorProto.FLOAT, ["given"]),
    ]
    outputs = [*answers, *graph.output]
    del graph.output[:]
    graph.output.extend(outputs)


def _best() -> list[NodeProto]:
    return [
        helper.make_node("Shape", [EVERYTHING], ["classes"], start=-1),
        helper.make_node("Min", ["n", "classes"], ["many"]),
        helper.make_node("TopK", [EVERYTHING, "many"], ["log_probs", "best"], axis=-1),
        helper.make_node("Add", ["best", "first_emitted"], ["items"]),
    ]


def _given() -> list[NodeProto]:
    """A gather; an item without a class reads the first class, and its result is replaced by -inf."""
    return [
        helper.make_node("Sub", ["log_prob_of", "first_emitted"], ["class"]),
        helper.make_node("GreaterOrEqual", ["class", "none"], ["not_below"]),
        helper.make_node("Less", ["class", "classes"], ["not_beyond"]),
        helper.make_node("And", ["not_below", "not_beyond"], ["known"]),
        helper.make_node("Where", ["known", "class", "none"], ["existing"]),
        helper.make_node("Unsqueeze", ["existing", "last_axis"], ["index"]),
        helper.make_node("GatherElements", [EVERYTHING, "index"], ["gathered"], axis=-1),
        helper.make_node("Squeeze", ["gathered", "last_axis"], ["found"]),
        helper.make_node("Where", ["known", "found", "impossible"], ["log_prob"]),
    ]
