"""Cho et al. 2014 against its equations, sentence by sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, numbers, read, softmax
from unspool.types import BOS
from worlds import TARGET_SYMBOLS, World, examples, leaves, shifted

PAPER = {"encoder_cell": "gru_reset_before", "decoder_cell": "gru_reset_before"}
VARIANTS: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "paper, other sizes": PAPER | {"encoder_size": 4, "decoder_size": 5, "embedding_size": 3},
    "default": {},
    "lstm": {"encoder_cell": "lstm", "decoder_cell": "lstm"},
}


def read_source(model: Any, settings: Any, ids: list[int]) -> Vector:
    """`c = tanh(V h_S)` (A.1.1)."""
    table = numbers(model.encoder.embedding.table.weight)
    _, h = read(model.encoder.stack.layers[0], CELLS[settings.encoder_cell], [table[i] for i in ids])
    v = model.summary.linear
    return np.tanh(numbers(v.weight) @ h[0] + numbers(v.bias))


def first_state(model: Any, settings: Any, c: Vector) -> State:
    """`h'_0 = tanh(V' c)` (A.1.2); an LSTM's c is not squashed."""
    v = model.first[0].linear
    started = numbers(v.weight) @ c + numbers(v.bias)
    h, *more = np.split(started, len(started) // settings.decoder_size)
    return (np.tanh(h), *more)


def maxout(model: Any, h: Vector, y: Vector, c: Vector) -> Vector:
    """`s'_t = O_h h'_t + O_y y_{t-1} + O_c c`, `s_i = max(s'_{2i-1}, s'_{2i})` (A.1.2)."""
    o_h, o_y, o_c = np.split(numbers(model.maxout.linear.weight), [len(h), len(h) + len(y)], axis=1)
    s = o_h @ h + o_y @ y + o_c @ c + numbers(model.maxout.linear.bias)
    return np.array([max(s[2 * i], s[2 * i + 1]) for i in range(len(s) // 2)])


def written(model: Any, settings: Any, source: list[int], fed: list[int]) -> list[tuple[Vector, Vector]]:
    """s_t and the distribution of each step."""
    c = read_source(model, settings, source)
    state, said = first_state(model, settings, c), []
    table = numbers(model.embedding.table.weight)
    g, b = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    for y in fed:
        driven = np.concatenate([table[y], c])
        state = CELLS[settings.decoder_cell](model.decoder.layers[0], driven, state)
        s = maxout(model, state[0], table[y], c)
        said.append((s, softmax(g @ s + b)))
    return said


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_steps_follow_the_equations(variant: str) -> None:
    world = World("cho", variant, VARIANTS[variant])
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
    for t in range(fed.shape[1]):
        step, state = model.step(fed[:, t], state, memory)
        items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
        for b, said in enumerate(expected):
            s, p = said[t]
            np.testing.assert_allclose(step.output[b].numpy(), s, atol=1e-5)
            np.testing.assert_allclose(log_probs[b].exp().numpy(), p[items[b].numpy() - 2], atol=1e-5)


@torch.no_grad()
def test_the_summary_is_all_that_is_left_of_the_source() -> None:
    model = World("cho", "paper", PAPER).build()
    memory = model.encode(examples().source)
    assert {leaf.shape for leaf in leaves(memory)} == {(4, 6), (4, 18)}
    step, _ = model.step(*model.start(memory), memory)
    assert step.attention is None


@torch.no_grad()
def test_the_summary_reaches_the_recurrence_and_the_output_of_every_step() -> None:
    model = World("cho", "default", {}).build()
    memory = model.encode(examples().source)
    last, state = model.start(memory)
    step, moved = model.step(last, state, memory)
    driven, moved_otherwise = model.step(last, state, memory._replace(projection=memory.projection + 1))
    said, moved_the_same = model.step(last, state, memory._replace(summary=memory.summary + 1))
    assert not torch.allclose(moved[0][0], moved_otherwise[0][0], atol=1e-3)
    assert not torch.allclose(step.output, driven.output, atol=1e-3)
    assert not torch.allclose(step.output, said.output, atol=1e-3)
    assert torch.equal(moved[0][0], moved_the_same[0][0])
