"""A recurrent layer in one ONNX node is the layer step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from unspool.export.recurrences import OPERATORS, Recurrence, by_nodes
from unspool.export.tracing import trace
from unspool.kernels.switch import plain_kernels
from unspool.nn.cells import CELLS, Cell, unroll_stepwise
from unspool.nn.masks import mask_of
from unspool.nn.stacks import Bidirectional
from worlds import PLAIN, enlarged, examples

IN, OUT = 3, 4
KINDS = [*CELLS, *CELLS]


class Layers(nn.Module):
    """Every kind of cell in one direction, then in both; one trace serves them all."""

    def __init__(self, layers: list[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor, lengths: Tensor, state: Tensor) -> list[Tensor]:
        mask, said = mask_of(lengths, x.shape[1]), []
        for layer in self.layers:
            outputs, final = layer.unroll(x, initial(layer, state), mask)
            said += [outputs * mask.unsqueeze(-1), *final]
        return said


def layers() -> Layers:
    """In both directions each cell is half as wide."""
    made: list[nn.Module] = [kind(IN, OUT) for kind in CELLS.values()]
    made += [Bidirectional(kind(IN, OUT // 2), kind(IN, OUT // 2)) for kind in CELLS.values()]
    whole: Layers = enlarged(Layers(made))
    return whole


def initial(layer: Any, state: Tensor) -> tuple[Tensor, ...]:
    """h, and for an LSTM another c."""
    cell = layer.ahead if isinstance(layer, Bidirectional) else layer
    return (state, -2 * state)[: cell.components]


def inputs(lengths: tuple[int, ...], seed: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(len(lengths), max(1, *lengths), IN, generator=generator)
    return x, torch.tensor(lengths), torch.randn(len(lengths), OUT, generator=generator)


def test_every_cell_has_an_operator() -> None:
    assert {type(kind(IN, OUT)) for kind in CELLS.values()} == set(OPERATORS)


def test_a_node_is_its_layer_at_other_sizes_from_any_state_and_over_nothing() -> None:
    plain = layers()
    names = ["x", "lengths", "state"]
    graph = trace(by_nodes(plain), inputs((5, 2, 4)), inputs((3, 6)), names, [])
    assert not {"Loop", "Scan"} & {node.op_type for node in graph.graph.node}
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    for lengths in ((5, 2, 4), (1, 1), (0, 7), (2, 0, 9, 1)):
        given = inputs(lengths, seed=2)
        said = session.run(None, {name: value.numpy() for name, value in zip(names, given, strict=True)})
        with torch.no_grad(), plain_kernels():
            expected = plain(*given)
        for one, other in zip(said, expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_without_a_mask_everything_is_read() -> None:
    class Whole(nn.Module):
        def __init__(self, unroll: Any) -> None:
            super().__init__()
            self.unroll = unroll

        def forward(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
            outputs, (final,) = self.unroll(x, (state,))
            return outputs, final

    cell: Cell = enlarged(CELLS["gru"](IN, OUT))
    (x, _, state), (longer, _, more) = inputs((5, 5)), inputs((6, 6, 6))
    graph = trace(Whole(Recurrence(cell)), (x, state), (longer, more), ["x", "state"], [])
    outputs, final = onnxruntime.InferenceSession(graph.SerializeToString()).run(
        None, {"x": longer.numpy(), "state": more.numpy()}
    )
    with torch.no_grad():
        expected, (last,) = unroll_stepwise(cell, longer, (more,))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)
    np.testing.assert_allclose(final, last, atol=1e-5)


def test_the_model_itself_stays_as_it_was() -> None:
    model = PLAIN[0].build()
    before, batch = dict(model.state_dict()), examples()
    expected = model.encode(batch.source)
    twin = by_nodes(model)
    assert set(twin.state_dict()) > set(before) == set(model.state_dict())
    torch.testing.assert_close(model.encode(batch.source)[0], expected[0], rtol=0, atol=0)
