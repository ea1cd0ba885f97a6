"""Wu et al. 2016 against its equations, sentence by sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, mixed, numbers, read, read_both_ways, softmax
from unspool.types import BOS
from worlds import TARGET_SYMBOLS, World, examples, shifted

PAPER = {"encoder_layers": 8, "decoder_layers": 8}
SMALL = {"encoder_layers": 4, "decoder_layers": 4}
VARIANTS: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "other sizes": SMALL | {"encoder_size": 8, "decoder_size": 5, "embedding_size": 3, "attention_size": 7},
    "two layers": {"encoder_layers": 2, "decoder_layers": 2},
    "one layer": {"encoder_layers": 1, "decoder_layers": 1},
    "no residual connections": SMALL | {"residual": False},
    "gru": SMALL | {"encoder_cell": "gru", "decoder_cell": "gru"},
}
THIRD = 2


def read_source(model: Any, settings: Any, ids: list[int]) -> tuple[list[Vector], list[State]]:
    """x_1, …, x_S and each layer's last state: the first layer in both directions, from the third on (6)."""
    table, recurrence = numbers(model.encoder.embedding.table.weight), CELLS[settings.encoder_cell]
    first, *others = model.encoder.stack.layers
    xs, ahead, back = read_both_ways(first, recurrence, [table[i] for i in ids])
    last = [tuple(np.concatenate(pair) for pair in zip(ahead, back, strict=True))]
    for depth, layer in enumerate(others, 1):
        ms, state = read(layer, recurrence, xs)
        added = settings.residual and depth >= THIRD
        xs = [m + x if added else m for m, x in zip(ms, xs, strict=True)]
        last.append(state)
    return xs, last


def crossed(model: Any, settings: Any, last: list[State]) -> list[State]:
    """The decoder's first states; where sizes and components agree, what the encoder left."""
    states = []
    for crossing, source in zip(model.bridge.crossings, model.bridge.sources, strict=True):
        if not hasattr(crossing, "linear"):
            states.append(last[source])
            continue
        start = numbers(crossing.linear.weight) @ np.concatenate(last[source]) + numbers(crossing.linear.bias)
        h, *c = np.split(start, len(start) // settings.decoder_size)
        states.append((np.tanh(h), *c))
    return states


def attention(model: Any, d: Vector, xs: list[Vector]) -> Vector:
    """`s_t`, `p_t` of (4): a feed-forward network with one hidden layer."""
    v, w, u = (numbers(part.weight) for part in (model.score.v, model.score.query, model.score.state))
    return softmax(np.array([v[0] @ np.tanh(w @ d + u @ x_t) for x_t in xs]))


def written(model: Any, settings: Any, source: list[int], fed: list[int]) -> list[tuple[Vector, Vector, Vector]]:
    """The top layer's x, the weights p and the distribution of each step."""
    xs, last = read_source(model, settings, source)
    states, said = crossed(model, settings, last), []
    table, recurrence = numbers(model.embedding.table.weight), CELLS[settings.decoder_cell]
    w, b = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    for y in fed:
        p = attention(model, states[0][0], xs)
        a, x = mixed(p, xs), table[y]
        for depth, layer in enumerate(model.decoder.layers):
            states[depth] = recurrence(layer, np.concatenate([x, a]), states[depth])
            added = settings.residual and depth >= THIRD
            x = states[depth][0] + x if added else states[depth][0]
        said.append((x, p, softmax(w @ x + b)))
    return said


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_steps_follow_the_equations(variant: str) -> None:
    world = World("gnmt", variant, VARIANTS[variant])
    model, settings = world.build(), world.settings()
    batch = examples()
    memory = model.encode(batch.source)
    fed = shifted(batch.target)
    last, state = model.start(memory)
    assert last.tolist() == [BOS] * 4
    expected = [
        written(model, settings, batch.source.values[b, :n].tolist(), fed[b].tolist())
        for b, n in enumerate(batch.source.lengths.tolist())
    ]
    for i in range(fed.shape[1]):
        step, state = model.step(fed[:, i], state, memory)
        items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
        for b, said in enumerate(expected):
            x, p, y = said[i]
            np.testing.assert_allclose(step.output[b].numpy(), x, atol=1e-5)
            np.testing.assert_allclose(step.attention[b, : len(p)].numpy(), p, atol=1e-5)
            np.testing.assert_allclose(log_probs[b].exp().numpy(), y[items[b].numpy() - 2], atol=1e-5)


@torch.no_grad()
def test_attention_is_asked_by_the_bottom_layer_alone() -> None:
    model = World("gnmt", "small", SMALL).build()
    memory = model.encode(examples().source)
    last, (bottom, *above) = model.start(memory)
    step, _ = model.step(last, (bottom, *above), memory)
    raised = tuple(tuple(part + 1 for part in layer) for layer in above)
    other, _ = model.step(last, (bottom, *raised), memory)
    assert torch.equal(step.attention, other.attention)
    assert not torch.allclose(step.output, other.output, atol=1e-3)


@torch.no_grad()
def test_every_decoder_layer_sees_the_context() -> None:
    model = World("gnmt", "small", SMALL).build()
    memory = model.encode(examples().source)
    fed = shifted(examples().target)
    for layer in model.decoder.layers:
        kept = layer.input.weight.clone()
        whole, _ = model.unroll(fed, model.start(memory)[1], memory)
        layer.input.weight[:, -model.encoder.size :] = 0
        blind, _ = model.unroll(fed, model.start(memory)[1], memory)
        assert not torch.allclose(whole.output, blind.output, atol=1e-3)
        layer.input.weight.copy_(kept)
