"""Replaces an embedding that is followed by a matrix by a table of the products.

The input projection of an embedded item, `W e + b`, depends only on the item. If there are few symbols, the table of
all projections is smaller than W, and a step needs no product.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import onnx
from onnx import helper, numpy_helper

from unspool.types import Array


class Product(NamedTuple):
    """A node that multiplies embedded items by a constant matrix: `table[ids] @ weight + bias`.

    between: a node that adds an axis after the lookup, or None
    """

    node: onnx.NodeProto
    ids: str
    between: onnx.NodeProto | None
    table: Array
    weight: Array
    bias: Array | None

    def is_smaller(self) -> bool:
        """Whether a table of the products is at most as large as the matrix."""
        return len(self.table) <= len(self.weight)

    def looked_up(self) -> tuple[onnx.TensorProto, list[onnx.NodeProto]]:
        """The table of the products, and the nodes that read it."""
        (output,) = self.node.output
        products = self.table @ self.weight
        table = numpy_helper.from_array(products if self.bias is None else products + self.bias, f"{output}.table")
        if self.between is None:
            return table, [helper.make_node("Gather", [table.name, self.ids], [output])]
        lookup = helper.make_node("Gather", [table.name, self.ids], [f"{output}.looked_up"])
        widened = helper.make_node(self.between.op_type, [*lookup.output, *self.between.input[1:]], [output])
        return table, [lookup, widened]


def tabulate(model: onnx.ModelProto) -> None:
    """Replace products of embeddings by tables if that makes the graph smaller."""
    graph = model.graph
    smaller = {product.node.output[0]: product for product in _products(graph) if product.is_smaller()}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if product := smaller.get(node.output[0]):
            table, reading = product.looked_up()
            graph.initializer.append(table)
            nodes += reading
        else:
            nodes.append(node)
    _replace(graph.node, nodes)
    _drop_unread(graph)


def _products(graph: onnx.GraphProto) -> Iterator[Product]:
    constants = {value.name: value for value in graph.initializer}
    made = {name: node for node in graph.node for name in node.output}
    for node in graph.node:
        if node.op_type not in ("Gemm", "MatMul") or not set(node.input[1:]) <= set(constants):
            continue
        lookup, between = made.get(node.input[0]), None
        if lookup is not None and lookup.op_type == "Unsqueeze":
            lookup, between = made.get(lookup.input[0]), lookup
        if lookup is not None and lookup.op_type == "Gather" and lookup.input[0] in constants:
            table, weight, *bias = (
                numpy_helper.to_array(constants[name]) for name in (lookup.input[0], *node.input[1:])
            )
            turned = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
            yield Product(
                node, lookup.input[1], between, table, weight.T if turned else weight, bias[0] if bias else None
            )


def _drop_unread(graph: onnx.GraphProto) -> None:
    """Remove nodes and weights that are no longer read."""
    outputs = {value.name for value in graph.output}
    while True:
        read = {name for node in graph.node for name in node.input}
        kept = [node for node in graph.node if (read | outputs).intersection(node.output)]
        if len(kept) == len(graph.node):
            break
        _replace(graph.node, kept)
    _replace(graph.initializer, [value for value in graph.initializer if value.name in read])


def _replace(all_of_them: Any, kept: list[Any]) -> None:
    """Replace the elements of a repeated field."""
    del all_of_them[:]
    all_of_them.extend(kept)
