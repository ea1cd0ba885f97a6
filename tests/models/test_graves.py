"""Graves 2013 against its equations, symbol by symbol."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, numbers, softmax, zeros
from unspool.training.objectives import teacher_forcing
from unspool.types import BOS, Sequences
from worlds import SOURCE_SYMBOLS, TARGET_SYMBOLS, World, assert_same, examples, leaves

VARIANTS: dict[str, dict[str, Any]] = {
    "lstm": {},
    "as in the paper": {"cell": "lstm_peepholes", "layers": 3},
    "one layer": {"cell": "lstm_peepholes", "layers": 1},
    "rnn": {"cell": "rnn", "embedding_size": 4},
}
variants = pytest.mark.parametrize("variant", VARIANTS)


def world(variant: str) -> World:
    return World("graves", variant, VARIANTS[variant])


def predicted(model: Any, cell: str, text: list[int]) -> list[Vector]:
    """y_t of each x_t of a text, by (1), (2), (3) and (12); PAD and BOS are never written and have no share."""
    table, recurrence = numbers(model.embedding.table.weight), CELLS[cell]
    states: list[State] = [zeros(layer, recurrence) for layer in model.layers]
    w_y, b_y = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    w_y = np.split(w_y, len(states), axis=1)  # W_{h^1 y}, …, W_{h^N y}
    said = []
    for x in (table[symbol] for symbol in text):
        for n, layer in enumerate(model.layers):
            seen = x if n == 0 else np.concatenate([x, states[n - 1][0]])
            states[n] = recurrence(layer, seen, states[n])
        said.append(softmax(b_y + sum(w @ h for w, (h, *_) in zip(w_y, states, strict=True))))
    return said


@variants
@torch.no_grad()
def test_every_symbol_is_predicted_as_the_equations_say(variant: str) -> None:
    model, batch = world(variant).build(), examples((0, 0, 0, 0), (4, 6, 1, 5))
    memory = model.encode(batch.source)
    last, state = model.start(memory)
    assert last.tolist() == [BOS] * 4
    for t in range(6):
        step, state = model.step(last, state, memory)
        found = model.head.log_probs(step, memory).exp().numpy()
        for b in range(4):
            text = [BOS, *batch.target.values[b, :t].tolist()]
            np.testing.assert_allclose(found[b], predicted(model, world(variant).settings().cell, text)[-1], atol=1e-5)
        last = batch.target.values[:, t]


@variants
@torch.no_grad()
def test_the_loss_is_the_negative_log_probability_of_the_text(variant: str) -> None:
    model, batch = world(variant).build(), examples((0, 0), (5, 3))
    loss = teacher_forcing(model, batch.source, batch.target, smoothing=0.0)
    expected = 0.0
    for row, length in zip(batch.target.values.tolist(), batch.target.lengths.tolist(), strict=True):
        said = predicted(model, world(variant).settings().cell, [BOS, *row[: length - 1]])
        expected -= sum(np.log(y[x - 2]) for y, x in zip(said, row, strict=False))
    assert loss.nll.item() == pytest.approx(expected, abs=1e-4)


@variants
@torch.no_grad()
def test_a_source_is_the_beginning_of_the_text(variant: str) -> None:
    """Priming is a forced prefix: a text read as source leaves what the same text leaves when it is unrolled."""
    model, target = world(variant).build(), examples((0,), (5,)).target
    nothing = Sequences(torch.zeros(1, 1, dtype=torch.long), torch.tensor([0]))
    memory = model.encode(nothing)
    first, state = model.start(memory)
    whole, final = model.unroll(torch.cat([first.unsqueeze(1), target.values], 1), state, memory)
    last, carried = model.start(model.encode(target))
    assert last.tolist() == target.values[:, -1].tolist()
    assert_same(model.step(last, carried, memory), (whole._replace(output=whole.output[:, -1]), final))


@torch.no_grad()
def test_the_output_sees_every_layer_and_every_layer_the_input() -> None:
    model = World("graves", "deep", {"layers": 3}).build()
    memory = model.encode(examples().source)
    last, state = model.start(memory)
    step, moved = model.step(last, state, memory)
    torch.testing.assert_close(step.output, torch.cat([h for h, _ in moved], -1))
    other = model.embedding(last) + 1.0
    for layer in model.layers:
        assert not torch.allclose(
            layer.input_projection(other), layer.input_projection(model.embedding(last)), atol=1e-3
        )


@torch.no_grad()
def test_nothing_is_kept_of_a_source_but_its_last_symbol_and_the_states() -> None:
    memory = World("graves", "default", {}).build().encode(examples().source)
    assert {leaf.shape for leaf in leaves(memory)} == {(4,), (4, 6)}
    assert TARGET_SYMBOLS < SOURCE_SYMBOLS, "a symbol that is read and never written has a vector too"
