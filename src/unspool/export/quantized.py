"""Weights as bytes: a quarter of the size, and products of whole numbers where the processor has them.

The one door to ONNX Runtime's quantiser. Matrices get a scale for each column; what flows through them is rounded
while it runs, so no data are needed. An LSTM and every other product by weights become integer products, embeddings are
stored as bytes. GRU and plain cells have no such kernel and stay as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic


def quantize(graph: onnx.ModelProto, path: Path) -> None:
    """Write a graph with weights of eight bits.

    Seven of them are used: sums of products of full bytes overflow on processors without VNNI instructions.
    """
    with _quietly():
        quantize_dynamic(
            graph,
            path,
            op_types_to_quantize=["MatMul", "LSTM", "Gather"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )


@contextmanager
def _quietly() -> Iterator[None]:
    """The quantiser recommends, through the root logger, what has been done already."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(level)
