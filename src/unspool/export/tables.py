"""An embedding followed by a matrix is a larger embedding: each symbol's product is computed once, here.

What an embedded item contributes to a cell's gates, `W e + b`, depends on the item alone. With few symbols the table of
all these is smaller than W, and a step is spared the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import onnx
from onnx import helper, numpy_helper

from unspool.types import Array


class Product(NamedTuple):
    """A node that multiplies what an embedding says by a constant, `table[ids] @ weight + bias`."""

    node: onnx.NodeProto
    ids: str
    table: Array
    weight: Array
    bias: Array | None

    def is_smaller(self) -> bool:
        """Whether a table of the products takes no more room than the matrix."""
        return len(self.table) <= len(self.weight)

    def looked_up(self) -> tuple[onnx.TensorProto, onnx.NodeProto]:
        """The same as a table, and the node that reads it."""
        products = self.table @ self.weight
        name = f"{self.node.output[0]}.table"
        table = numpy_helper.from_array(products if self.bias is None else products + self.bias, name)
        return table, helper.make_node("Gather", [name, self.ids], [self.node.output[0]])


def tabulate(model: onnx.ModelProto) -> None:
    """Replace products of embeddings where that makes the graph smaller."""
    graph = model.graph
    for product in list(_products(graph)):
        if product.is_smaller():
            table, lookup = product.looked_up()
            graph.initializer.append(table)
            product.node.CopyFrom(lookup)
    _drop_unread(graph)


def _products(graph: onnx.GraphProto) -> Iterator[Product]:
    constants = {value.name: value for value in graph.initializer}
    lookups = {node.output[0]: node for node in graph.node if node.op_type == "Gather" and node.input[0] in constants}
    for node in graph.node:
        if node.op_type in ("Gemm", "MatMul") and node.input[0] in lookups and set(node.input[1:]) <= set(constants):
            table, ids = lookups[node.input[0]].input
            matrices = [numpy_helper.to_array(constants[name]) for name in (table, *node.input[1:])]
            turned = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
            weight = matrices[1].T if turned else matrices[1]
            yield Product(node, ids, matrices[0], weight, matrices[2] if len(matrices) > 2 else None)


def _drop_unread(graph: onnx.GraphProto) -> None:
    """Remove lookups and weights that nothing reads any more."""
    read = {name for node in graph.node for name in node.input} | {value.name for value in graph.output}
    for node in [node for node in graph.node if not read.intersection(node.output)]:
        graph.node.remove(node)
    read = {name for node in graph.node for name in node.input}
    for value in [value for value in graph.initializer if value.name not in read]:
        graph.initializer.remove(value)
