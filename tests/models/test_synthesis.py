"""Graves 2013, section 5, against its equations, point by point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, numbers, zeros
from unspool.config import resolve
from unspool.models.registry import build
from unspool.nn.soft_window import WindowText, is_past
from unspool.tasks import example_dimensions
from unspool.types import EOS, Sequences
from worlds import World, examples

VARIANTS: dict[str, dict[str, Any]] = {
    "lstm": {"window_components": 3},
    "as in the paper": {"cell": "lstm_peepholes", "layers": 3},
    "one layer of another width": {"layers": 1, "embedding_size": 4},
}
variants = pytest.mark.parametrize("variant", VARIANTS)


def world(variant: str) -> World:
    return World("synthesis", variant, VARIANTS[variant])


def written(model: Any, cell: str, text: list[int], points: list[Vector]) -> list[tuple[Vector, Vector]]:
    """ŷ_t and φ(t, 1 … U), EOS the last of them, of each point x_t of a drawing, by (46) to (54)."""
    table, recurrence = numbers(model.characters.table.weight), CELLS[cell]
    c = table[[*text, EOS]]  # the paper's c_u is one-hot, and W c_u is a row of a table
    w_p, b_p = numbers(model.window.linear.weight), numbers(model.window.linear.bias)
    w_y, b_y = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    states: list[State] = [zeros(layer, recurrence) for layer in model.layers]
    kappa, w, said = np.zeros(model.window.components), np.zeros(c.shape[1]), []
    for x in points:
        states[0] = recurrence(model.layers[0], np.concatenate([x, w]), states[0])
        alpha, beta, steps = np.exp(np.split(w_p @ states[0][0] + b_p, 3))
        kappa = kappa + steps
        phi = np.array([np.sum(alpha * np.exp(-beta * (kappa - u) ** 2)) for u in range(1, len(text) + 2)])
        w = phi @ c
        for n, layer in enumerate(model.layers[1:], 1):
            states[n] = recurrence(layer, np.concatenate([x, states[n - 1][0], w]), states[n])
        said.append((b_y + w_y @ np.concatenate([h for h, *_ in states]), phi))
    return said


@variants
@torch.no_grad()
def test_every_point_is_predicted_as_the_equations_say(variant: str) -> None:
    one = world(variant)
    model, batch = one.build(), one.examples()
    memory = model.encode(batch.source)
    last, state = model.start(memory)
    assert not last.any()
    fed = torch.cat([last.unsqueeze(1), batch.target.values[:, :-1]], 1)
    step, _ = model.unroll(fed, state, memory)
    found = model.head.density_parameters(step, memory).numpy()
    for b, (length, points) in enumerate(
        zip(batch.source.lengths.tolist(), batch.target.lengths.tolist(), strict=True)
    ):
        text = batch.source.values[b, :length].tolist()
        said = written(model, one.settings().cell, text, [numbers(x) for x in fed[b, :points]])
        for t, (y, phi) in enumerate(said):
            np.testing.assert_allclose(found[b, t], y, atol=2e-5)
            np.testing.assert_allclose(step.attention[b, t, :length], phi[:-1], atol=2e-5)


def test_it_is_done_when_the_window_is_past_the_text() -> None:
    text = WindowText(torch.zeros(2, 4, 1), torch.tensor([[True, True, True, False], [True, True, True, True]]))

    def over(place: float, sharpness: float = 1.0) -> list[bool]:
        weights = torch.exp(-sharpness * (place - torch.arange(1.0, 6.0)) ** 2).expand(2, 1, 5)
        return is_past(weights, text).squeeze(1).tolist()

    assert over(1.0) == [False, False] and over(3.4) == [False, False]
    assert over(3.6) == [True, False] and over(4.6) == [True, True]
    assert over(40.0, sharpness=9.0) == [True, True], "a window that sees nothing will see nothing again"


@torch.no_grad()
def test_the_window_moves_forward_only_and_at_its_pace_at_first() -> None:
    settings = resolve({"model": {"name": "synthesis", "size": 8, "pace": 0.1}}).model
    model: Any = build(settings, example_dimensions("synthesis")).eval()  # type: ignore[attr-defined]
    memory = model.encode(Sequences(torch.randint(4, 90, (3, 20)), torch.tensor([20, 5, 9])))
    last, state = model.start(memory)
    places = [state.place]
    for _ in range(30):
        _, state = model.step(last, state, memory)
        places.append(state.place)
    moved = torch.stack(places).diff(dim=0)
    assert (moved > 0).all()
    assert moved.mean().item() == pytest.approx(0.1, rel=0.5)


@torch.no_grad()
def test_what_the_window_shows_reaches_every_layer() -> None:
    model, batch = World("synthesis", "deep", {"layers": 3}).build(), examples()
    memory = model.encode(batch.source)
    last, state = model.start(memory)
    other = memory._replace(characters=memory.characters + 1.0)
    (_, one), (_, two) = model.step(last, state, memory), model.step(last, state, other)
    same = [torch.allclose(mine[0], theirs[0]) for mine, theirs in zip(one.layers, two.layers, strict=True)]
    assert same == [True, False, False], "the first layer sees the window of the step before"
