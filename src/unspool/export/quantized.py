"""Weights as bytes: a quarter of the size, and integer products if the CPU has instructions for them.

Access to ONNX Runtime's quantiser. Matrices get a scale for each column. Activations are quantized while the graph
runs, so no calibration data are needed. LSTMs and all other products with weights become integer products, and
embeddings are stored as bytes. There are no such kernels for GRU and plain cells, so they stay as they are.
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

    Only seven bits are used, because sums of products of full bytes overflow on CPUs without VNNI instructions.
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
    """Switch off warnings: the quantiser recommends steps that have already been done."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(level)
