"""Sutskever et al. 2014 against its equations, sentence by sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, numbers, softmax, zeros
from unspool.errors import Mistake
from unspool.types import EOS
from worlds import TARGET_SYMBOLS, World, examples, leaves

PAPER = {"encoder_layers": 2, "decoder_layers": 2}
VARIANTS: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "four layers": {"encoder_layers": 4, "decoder_layers": 4},
    "read forwards": PAPER | {"reverse_source": False},
    "one network": PAPER | {"shared": True},
    "one network, read forwards": PAPER | {"shared": True, "reverse_source": False},
    "gru": PAPER | {"encoder_cell": "gru", "decoder_cell": "gru"},
}


def through(layers: list[Any], cell: str, x: Vector, states: list[State]) -> tuple[Vector, list[State]]:
    """One step up through all layers."""
    moved = []
    for layer, state in zip(layers, states, strict=True):
        moved.append(CELLS[cell](layer, x, state))
        x = moved[-1][0]
    return x, moved


def written(model: Any, settings: Any, source: list[int], fed: list[int]) -> list[tuple[Vector, Vector]]:
    """The top h and the distribution of each step; sizes are equal, so v goes over as it is."""
    reading, writing = numbers(model.source_embedding.table.weight), numbers(model.embedding.table.weight)
    v = [zeros(layer, CELLS[settings.encoder_cell]) for layer in model.reader.layers]
    for x in reversed(source) if settings.reverse_source else source:
        _, v = through(model.reader.layers, settings.encoder_cell, reading[x], v)
    w, b = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    said = []
    for y in fed:
        h, v = through(model.writer.layers, settings.decoder_cell, writing[y], v)
        said.append((h, softmax(w @ h + b)))
    return said


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_steps_follow_the_equations(variant: str) -> None:
    world = World("sutskever", variant, VARIANTS[variant])
    model, settings = world.build(), world.settings()
    batch = examples()
    memory = model.encode(batch.source)
    last, state = model.start(memory)
    assert last.tolist() == [EOS] * 4
    fed = torch.cat([last.unsqueeze(1), batch.target.values[:, :-1]], 1)
    expected = [
        written(model, settings, batch.source.values[b, :n].tolist(), fed[b].tolist())
        for b, n in enumerate(batch.source.lengths.tolist())
    ]
    for t in range(fed.shape[1]):
        step, state = model.step(fed[:, t], state, memory)
        items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
        for b, said in enumerate(expected):
            h, p = said[t]
            np.testing.assert_allclose(step.output[b].numpy(), h, atol=1e-5)
            np.testing.assert_allclose(log_probs[b].exp().numpy(), p[items[b].numpy() - 2], atol=1e-5)


@torch.no_grad()
def test_reversing_equals_reading_the_reversed_source_forwards() -> None:
    ahead = World("sutskever", "forwards", PAPER | {"reverse_source": False}).build()
    back = World("sutskever", "paper", PAPER).build()
    source = examples((4, 4), (2, 2)).source
    turned = type(source)(source.values.flip(1), source.lengths)
    for one, other in zip(leaves(back.encode(source)), leaves(ahead.encode(turned)), strict=True):
        assert torch.equal(one, other)


def test_one_network_has_one_set_of_recurrent_weights() -> None:
    shared = World("sutskever", "one network", PAPER | {"shared": True}).build()
    two = World("sutskever", "paper", PAPER).build()
    assert shared.reader is shared.writer
    assert not {id(p) for p in two.reader.parameters()} & {id(p) for p in two.writer.parameters()}
    recurrent = sum(p.numel() for p in two.writer.parameters())
    assert sum(p.numel() for p in two.parameters()) - sum(p.numel() for p in shared.parameters()) == recurrent


@pytest.mark.parametrize("unlike", [{"decoder_size": 4}, {"decoder_layers": 1}, {"decoder_cell": "gru"}])
def test_one_network_cannot_be_of_two_shapes(unlike: dict[str, Any]) -> None:
    with pytest.raises(Mistake, match="One shared network") as caught:
        World("sutskever", "unlike", {"shared": True} | unlike).settings()
    assert "shared=false" in caught.value.remedy


@torch.no_grad()
def test_nothing_but_the_state_is_left_of_the_source() -> None:
    model = World("sutskever", "paper", PAPER).build()
    memory = model.encode(examples().source)
    assert {leaf.shape for leaf in leaves(memory)} == {(4, 6)}
    step, _ = model.step(*model.start(memory), memory)
    assert step.attention is None
