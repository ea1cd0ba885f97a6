"""Luong et al. 2015 against its equations, sentence by sentence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, mixed, numbers, read, read_both_ways, sigmoid, softmax
from unspool.errors import Mistake
from unspool.types import BOS, Sequences
from worlds import TARGET_SYMBOLS, World, examples, shifted

VARIANTS: dict[str, dict[str, Any]] = {
    **{score: {"score": score} for score in ("dot", "general", "concat", "scaled_dot")},
    **{f"{score}, fed": {"score": score, "input_feeding": True} for score in ("dot", "general", "concat")},
    "gru, fed": {"encoder_cell": "gru", "decoder_cell": "gru", "input_feeding": True},
    "the paper's direction": {"bidirectional": False, "score": "dot"},
    "the paper's direction, fed": {"bidirectional": False, "input_feeding": True},
    "another size, fed": {"encoder_size": 4, "decoder_size": 5, "input_feeding": True},
    "lstm to gru": {"encoder_cell": "lstm", "decoder_cell": "gru"},
    "location": {"score": "location"},
    "location, fed, longer sources than its table": {"score": "location", "positions": 3, "input_feeding": True},
    "local-m": {"window": "local-m", "window_size": 1},
    "local-m, fed": {"window": "local-m", "window_size": 2, "input_feeding": True, "score": "concat"},
    "local-p": {"window": "local-p", "window_size": 2},
    "local-p, fed": {"window": "local-p", "window_size": 1, "input_feeding": True, "score": "dot"},
    "coverage": {"coverage": True},
    "coverage, concat": {"coverage": True, "score": "concat"},
    "coverage, fed": {"coverage": True, "score": "concat", "input_feeding": True},
    "coverage, location, local-p": {"coverage": True, "score": "location", "window": "local-p", "window_size": 2},
}


def score(model: Any, kind: str, h: Vector, h_s: Vector, s: int, covered: float) -> float:
    """Eq. 8, s counted from 0; with coverage See et al. 2017, eq. 11, or a number of its own."""
    part = model.score
    if kind == "concat":
        w_a = np.concatenate([numbers(part.query.weight), numbers(part.state.weight)], 1)
        inner = w_a @ np.concatenate([h, h_s])
        if part.covers:
            inner = inner + numbers(part.coverage.weight)[:, 0] * covered + numbers(part.coverage.bias)
        return float(numbers(part.v.weight)[0] @ np.tanh(inner))
    if part.covers:
        return product(part.score, kind, h, h_s, s) + float(part.weight) * covered
    return product(part, kind, h, h_s, s)


def product(part: Any, kind: str, h: Vector, h_s: Vector, s: int) -> float:
    if kind == "location":
        return float(numbers(part.positions.weight)[s] @ h)
    if kind == "general":
        return float(h @ numbers(part.state.weight) @ h_s)
    return float(h @ h_s) / (math.sqrt(len(h)) if kind == "scaled_dot" else 1)


def attention(
    model: Any, settings: Any, h: Vector, h_bar: list[Vector], t: int, covered: Vector
) -> tuple[Vector, Vector]:
    """a_t and c_t: (7) inside the window, and (10); t from 1."""
    last = len(h_bar) if settings.score != "location" else min(len(h_bar), settings.positions)
    centre = {
        "global": lambda: 0.0,
        "local-m": lambda: float(min(t, last)),
        "local-p": lambda: float(
            last * sigmoid(numbers(model.window.v.weight)[0] @ np.tanh(numbers(model.window.hidden.weight) @ h))
        ),
    }[settings.window]()
    reach = len(h_bar) if settings.window == "global" else settings.window_size
    seen = [s for s in range(1, last + 1) if settings.window == "global" or centre - reach <= s <= centre + reach]
    align = softmax(np.array([score(model, settings.score, h, h_bar[s - 1], s - 1, covered[s - 1]) for s in seen]))
    a = np.zeros(len(h_bar))
    for s, weight in zip(seen, align, strict=True):
        sigma = settings.window_size / 2
        gauss = math.exp(-((s - centre) ** 2) / (2 * sigma**2)) if settings.window == "local-p" else 1.0
        a[s - 1] = weight * gauss
    return a, mixed(a, h_bar)


def read_source(model: Any, settings: Any, ids: list[int]) -> tuple[list[Vector], State]:
    """The encoder's states h̄, and the decoder's first state."""
    table = numbers(model.encoder.embedding.table.weight)
    layer, recurrence = model.encoder.stack.layers[0], CELLS[settings.encoder_cell]
    xs = [table[i] for i in ids]
    if not settings.bidirectional:
        return read(layer, recurrence, xs)
    states, ahead, back = read_both_ways(layer, recurrence, xs)
    linear = model.bridge.crossings[0].linear
    crossing = numbers(linear.weight) @ np.concatenate(
        [*(np.concatenate(pair) for pair in zip(ahead, back, strict=True))]
    )
    h, *c = np.split(crossing + numbers(linear.bias), len(crossing) // settings.decoder_size)
    return states, (np.tanh(h), *c)


def written(
    model: Any, settings: Any, source: list[int], fed: list[int]
) -> tuple[list[Vector], list[Vector], list[Vector]]:
    """h̃_t, the weights a_t and the distribution of each step."""
    h_bar, state = read_source(model, settings, source)
    table, w_c = numbers(model.embedding.table.weight), numbers(model.combine.weight)
    w_s, b_s = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    h_tilde, said, covered = np.zeros(settings.decoder_size), [], np.zeros(len(source))
    for t, y in enumerate(fed, 1):
        x = np.concatenate([table[y], h_tilde]) if settings.input_feeding else table[y]
        state = CELLS[settings.decoder_cell](model.decoder.layers[0], x, state)
        a, c = attention(model, settings, state[0], h_bar, t, covered)
        covered = covered + a
        h_tilde = np.tanh(w_c @ np.concatenate([c, state[0]]))
        said.append((h_tilde, a, softmax(w_s @ h_tilde + b_s)))
    return tuple(zip(*said, strict=True))  # type: ignore[return-value]


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_steps_follow_the_equations(variant: str) -> None:
    world = World("luong", variant, VARIANTS[variant])
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
        for b, (h_tilde, a, p) in enumerate(expected):
            np.testing.assert_allclose(step.output[b].numpy(), h_tilde[t], atol=1e-5)
            np.testing.assert_allclose(step.attention[b, : len(a[t])].numpy(), a[t], atol=1e-5)
            np.testing.assert_allclose(log_probs[b].exp().numpy(), p[t][items[b].numpy() - 2], atol=1e-5)


@torch.no_grad()
def test_input_feeding_carries_the_attentional_state_and_starts_from_zero() -> None:
    model = World("luong", "fed", {"input_feeding": True}).build()
    memory = model.encode(examples().source)
    last, state = model.start(memory)
    assert not state.attention.attentional.any()
    step, state = model.step(last, state, memory)
    assert torch.equal(state.attention.attentional, step.output)


@torch.no_grad()
def test_without_input_feeding_attention_reaches_no_state() -> None:
    model = World("luong", "plain", {}).build()
    memory = model.encode(examples().source)
    fed = shifted(examples().target)
    _, state = model.unroll(fed, model.start(memory)[1], memory)
    blurred = memory._replace(states=memory.states + 1, keys=memory.keys - 1)
    _, other = model.unroll(fed, model.start(memory)[1], blurred)
    assert state.attention.attentional is None
    assert torch.equal(state.layers[0][0], other.layers[0][0])


@pytest.mark.parametrize("kind", ["dot", "scaled_dot"])
def test_scores_without_weights_need_equal_sizes(kind: str) -> None:
    unlike = {"score": kind, "encoder_size": 4, "decoder_size": 6}
    with pytest.raises(Mistake, match="4 and 6") as caught:
        World("luong", kind, unlike).settings()
    assert "general" in caught.value.remedy


@torch.no_grad()
def test_a_window_lies_by_the_length_of_the_source_also_beyond_the_positions_of_a_location_score() -> None:
    values = {"score": "location", "positions": 2, "window": "local-m", "window_size": 1}
    model, source = World("luong", "location, local-m", values).build(), torch.tensor([[4, 5, 6, 7]])
    memory = model.encode(Sequences(source, torch.tensor([4])))
    last, state = model.start(memory)
    seen = []
    for _ in range(4):
        step, state = model.step(last, state, memory)
        seen.append((step.attention[0] > 0).tolist())
    # Centres 1, 2, 3, 4; of each window's positions, only 1 and 2 have a row.
    assert seen == [[True, True, False, False]] * 2 + [[False, True, False, False], [False] * 4]
