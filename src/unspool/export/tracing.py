"""From a PyTorch module to an ONNX graph, by PyTorch's exporter."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import onnx
import torch
from onnxscript import optimizer
from torch import Tensor, nn
from torch.export import Dim

from unspool.kernels.switch import plain_kernels

# The opset of PyTorch's exporter; for any other, it converts the graph afterwards.
OPSET = 18
UNLIMITED = 2**40


def trace(
    module: nn.Module, example: tuple[Any, ...], other: tuple[Any, ...], inputs: list[str], outputs: list[str]
) -> onnx.ModelProto:
    """Trace `module(*example)`. An axis is free in the graph if the two examples differ in its size.

    example, other: tensors and lists of tensors; a free axis must not have size 1 or 0 in either
    """
    free = _free_axes(example, other)
    with torch.no_grad(), plain_kernels(), _quietly():
        program = torch.export.export(
            module, _contiguous(example), dynamic_shapes=free, strict=False,
            prefer_deferred_runtime_asserts_over_guards=True,  # R is a multiple of B; no check is needed
        )  # fmt: skip
        traced = torch.onnx.export(
            program, input_names=inputs, output_names=outputs, opset_version=OPSET,
            dynamo=True, optimize=False, verbose=False,
        )  # fmt: skip
        assert traced is not None
        # A slice of a weight must become a weight, even if it is large, because only weights are quantized.
        optimizer.optimize(traced.model, input_size_limit=UNLIMITED, output_size_limit=UNLIMITED)
    model = traced.model_proto
    del model.graph.value_info[:]  # recorded shapes, which make the quantiser fail
    forget_origins(model)
    return model


def forget_origins(model: onnx.ModelProto) -> None:
    """Remove what the exporter noted of each part: lines of source code with the paths of whoever exported it."""
    graph = model.graph
    for part in (model, graph, *model.functions, *graph.node, *graph.initializer, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.ClearField("doc_string")


def _free_axes(example: Any, other: Any) -> Any:
    if isinstance(example, Tensor):
        return {
            axis: Dim.DYNAMIC
            for axis, pair in enumerate(zip(example.shape, other.shape, strict=True))
            if len({*pair}) > 1
        }
    return type(example)(_free_axes(*pair) for pair in zip(example, other, strict=True))


def _contiguous(example: Any) -> Any:
    """A contiguous copy, because strides would be traced, too."""
    if isinstance(example, Tensor):
        return example.clone(memory_format=torch.contiguous_format)
    return type(example)(map(_contiguous, example))


@contextmanager
def _quietly() -> Iterator[None]:
    """Switch off messages of the exporter that are meant for its developers."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
