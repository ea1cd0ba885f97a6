"""Gates and states over time: what is shown is what the network computed, for every cell and every model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explained import explained, forced
from unspool.errors import Mistake
from unspool.explain.cell_traces import CellTrace, cell_traces
from unspool.nn.stepper import to_torch
from unspool.types import Array
from variants import CELL_NAMES
from worlds import PLAIN, World, leaves, on

RECURRENT = {(world.model, world.task): world for world in reversed(PLAIN) if world.model != "transformer"}
GATES = {
    "rnn": "", "rnn_sigmoid": "", "lstm": "ifgo", "lstm_peepholes": "ifgo", "gru": "rzn", "gru_reset_before": "rzn",
}  # fmt: skip


def logistic(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_the_states_follow_from_the_gates(cell: str) -> None:
    """The last equation of each cell, and the states that fused kernels find."""
    world = World("luong", cell, {"encoder_cell": cell, "decoder_cell": cell, "encoder_layers": 2})
    given = forced(world)
    traces = cell_traces(given)
    assert [(one.phase, one.layer, one.backward) for one in traces] == [
        ("reading", 1, False), ("reading", 1, True), ("reading", 2, False), ("reading", 2, True), ("writing", 1, False),
    ]  # fmt: skip
    for trace in traces:
        assert "".join(trace.gates) == GATES[cell]
        shapes = {values.shape for values in (*trace.gates.values(), *trace.states.values())}
        assert len(shapes) == 1 and shapes.pop()[0] == len(trace.symbols)
        if trace.phase == "reading":
            _follows(trace, trace.backward)
    model = given.model.requires_grad_()  # so that kernels run in their fused form
    encoded = model.encoder(to_torch(given.explained.source, torch.device("cpu"))).states[0].detach().numpy()
    top = np.concatenate([traces[2].states["h"], traces[3].states["h"]], axis=1)
    assert np.allclose(top, encoded, atol=1e-5)


def _follows(trace: CellTrace, backward: bool) -> None:
    """Of a layer that starts from zeros."""
    order = slice(None, None, -1 if backward else 1)
    h, gates = trace.states["h"][order], {name: values[order] for name, values in trace.gates.items()}
    if "o" in gates:
        c = trace.states["c"][order]
        old = np.concatenate([np.zeros_like(c[:1]), c[:-1]])
        assert np.allclose(c, gates["f"] * old + gates["i"] * gates["g"], atol=1e-6)
        assert np.allclose(h, gates["o"] * np.tanh(c), atol=1e-6)
    elif "n" in gates:
        old = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
        assert np.allclose(h, (1 - gates["z"]) * gates["n"] + gates["z"] * old, atol=1e-6)


@on(RECURRENT.values())
def test_every_model_shows_the_states_that_it_carries(world: World) -> None:
    given = forced(world)
    traces = cell_traces(given)
    assert traces and all(np.isfinite(values).all() for one in traces for values in one.states.values())
    model, explained_ = given.model, given.explained
    with torch.no_grad():
        memory = model.encode(to_torch(explained_.source, torch.device("cpu")))
        last, state = model.start(memory)
        carried = []
        for item in explained_.answer:
            _, state = model.step(last, state, memory)
            carried.append([leaf[0].numpy() for leaf in leaves(state)])
            last = torch.as_tensor(item).to(last.dtype).expand(1, *last.shape[1:])
    for trace in traces:
        if trace.phase == "writing":
            for values in trace.states.values():
                for t, row in enumerate(values):
                    assert any(leaf.shape == row.shape and np.allclose(leaf, row, atol=1e-5) for leaf in carried[t])


def test_a_source_that_is_read_from_its_end_has_its_symbols_in_that_order() -> None:
    reading, *_, writing = cell_traces(forced(World("sutskever", "default", {})))
    assert reading.symbols == ["D", "C", "B", "A"] and writing.symbols == ["a", "b", "c"]


def test_a_text_that_goes_on_begins_with_its_first_input() -> None:
    reading, *_, writing = cell_traces(forced(World("graves", "default", {})))
    assert reading.symbols == ["<s>", "A", "B", "C"] and writing.symbols == ["a", "b", "c"]


def test_a_document_has_two_levels() -> None:
    given = forced(World("han", "default", {}))
    traces = cell_traces(given)
    assert [(one.level, one.backward) for one in traces] == [
        ("words", False), ("words", True), ("sentences", False), ("sentences", True),
    ]  # fmt: skip
    assert traces[0].symbols == given.source_tokens and traces[2].symbols == ["1", "2", "3", "4"]


def test_a_network_without_recurrence_has_none() -> None:
    with pytest.raises(Mistake, match="no recurrent layer"):
        cell_traces(forced(World("transformer", "default", {})))


def test_nothing_else_is_watched_afterwards() -> None:
    world = World("luong", "default", {})
    given = forced(world)
    first = cell_traces(given)
    model = world.build()
    model.encode(to_torch(explained(world).source, torch.device("cpu")))
    second = cell_traces(replace(given, model=given.model))
    assert all(np.array_equal(one.states["h"], two.states["h"]) for one, two in zip(first, second, strict=True))
