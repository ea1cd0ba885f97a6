"""Bahdanau et al. 2014 against its equations, sentence by sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, gru_bahdanau, mixed, numbers, read_both_ways, softmax
from unspool.types import BOS
from worlds import TARGET_SYMBOLS, World, examples, shifted

PAPER = {"encoder_cell": "gru_reset_before", "decoder_cell": "gru_reset_before", "first_state": "backward"}
VARIANTS: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "paper, other sizes": PAPER | {"encoder_size": 8, "decoder_size": 5, "embedding_size": 3, "attention_size": 7},
    "default": {},
    "lstm, backward": {"encoder_cell": "lstm", "decoder_cell": "lstm", "first_state": "backward"},
    "gru to lstm": {"decoder_cell": "lstm"},
    "coverage": {"coverage": True},
}
RECURRENCES = CELLS | {"gru_reset_before": gru_bahdanau}


def first_state(model: Any, settings: Any, ahead: State, back: State) -> State:
    """`s_0 = tanh(W_s ←h_1)` (A.2.2), or both directions with all they carry; c is not squashed."""
    linear = model.bridge.crossings[0].linear
    if settings.first_state == "backward":
        start = back[0]
    else:
        start = np.concatenate([part for pair in zip(ahead, back, strict=True) for part in pair])
    crossing = numbers(linear.weight) @ start + numbers(linear.bias)
    s, *c = np.split(crossing, len(crossing) // settings.decoder_size)
    return (np.tanh(s), *c)


def alignment(model: Any, s: Vector, h: list[Vector], covered: Vector) -> Vector:
    """`e_ij = vᵀ tanh(W s_{i-1} + U h_j)`, softmaxed over j (A.1.2, eq. 6); with coverage `+ w_c c_ij + b` inside."""
    v, w, u = (numbers(part.weight) for part in (model.score.v, model.score.query, model.score.state))
    seen = [w @ s + u @ h_j for h_j in h]
    if model.score.covers:
        w_c, b = numbers(model.score.coverage.weight)[:, 0], numbers(model.score.coverage.bias)
        seen = [inner + w_c * c + b for inner, c in zip(seen, covered, strict=True)]
    return softmax(np.array([v[0] @ np.tanh(inner) for inner in seen]))


def maxout(model: Any, s: Vector, y: Vector, c: Vector) -> Vector:
    """`t̃_i = U_o s_i + V_o y_{i-1} + C_o c_i`, and of each pair the larger (A.2.2)."""
    u_o, v_o, c_o = np.split(numbers(model.maxout.linear.weight), [len(s), len(s) + len(y)], axis=1)
    t = u_o @ s + v_o @ y + c_o @ c + numbers(model.maxout.linear.bias)
    return np.array([max(t[2 * j], t[2 * j + 1]) for j in range(len(t) // 2)])


def written(model: Any, settings: Any, source: list[int], fed: list[int]) -> list[tuple[Vector, Vector, Vector]]:
    """t_i, α_i and the distribution of each step."""
    reading, writing = numbers(model.encoder.embedding.table.weight), numbers(model.embedding.table.weight)
    layer, recurrence = model.encoder.stack.layers[0], RECURRENCES[settings.encoder_cell]
    h, ahead, back = read_both_ways(layer, recurrence, [reading[i] for i in source])
    state, said = first_state(model, settings, ahead, back), []
    w_o, b_o = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    covered = np.zeros(len(source))
    for y in fed:
        alpha = alignment(model, state[0], h, covered)
        covered = covered + alpha
        c = mixed(alpha, h)
        x = np.concatenate([writing[y], c])
        state = RECURRENCES[settings.decoder_cell](model.decoder.layers[0], x, state)
        t = maxout(model, state[0], writing[y], c)
        said.append((t, alpha, softmax(w_o @ t + b_o)))
    return said


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_steps_follow_the_equations(variant: str) -> None:
    world = World("bahdanau", variant, VARIANTS[variant])
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
            t, alpha, p = said[i]
            np.testing.assert_allclose(step.output[b].numpy(), t, atol=1e-5)
            np.testing.assert_allclose(step.attention[b, : len(alpha)].numpy(), alpha, atol=1e-5)
            np.testing.assert_allclose(log_probs[b].exp().numpy(), p[items[b].numpy() - 2], atol=1e-5)


@torch.no_grad()
def test_alignment_looks_from_the_state_before_this_word() -> None:
    model = World("bahdanau", "paper", PAPER).build()
    memory = model.encode(examples().source)
    last, state = model.start(memory)
    one, _ = model.step(last, state, memory)
    other, _ = model.step(last + 3, state, memory)
    assert torch.equal(one.attention, other.attention)
    assert not torch.allclose(one.output, other.output)


@torch.no_grad()
def test_context_enters_the_recurrence() -> None:
    model = World("bahdanau", "default", {}).build()
    memory = model.encode(examples().source)
    last, state = model.start(memory)
    _, moved = model.step(last, state, memory)
    _, other = model.step(last, state, memory._replace(states=memory.states + 1))
    assert not torch.allclose(moved.layers[0][0], other.layers[0][0], atol=1e-3)


@torch.no_grad()
def test_backward_first_state_knows_nothing_that_the_forward_encoder_alone_has_read() -> None:
    model = World("bahdanau", "paper", PAPER).build()
    memory = model.encode(examples().source)
    for parameter in model.encoder.stack.layers[0].ahead.parameters():
        parameter.mul_(0.5)
    changed = model.encode(examples().source)
    assert torch.equal(changed.first[0][0], memory.first[0][0])
    assert not torch.allclose(changed.states, memory.states, atol=1e-3)
