"""The classifier against its equations, sequence by sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, Vector, numbers, read, read_both_ways, softmax
from unspool.types import BOS, FIRST_LABEL
from worlds import TARGET_SYMBOLS, World, examples

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "paper": {"bidirectional": False},
    "mean": {"summary": "mean", "encoder_cell": "gru"},
    "max": {"summary": "max", "encoder_cell": "gru_reset_before", "encoder_size": 4, "embedding_size": 3},
}


def summary(model: Any, settings: Any, source: list[int]) -> Vector:
    """h_S of each direction, or the mean or maximum of all h_t."""
    table, layer = numbers(model.encoder.embedding.table.weight), model.encoder.stack.layers[0]
    xs, recurrence = [table[i] for i in source], CELLS[settings.encoder_cell]
    if settings.bidirectional:
        h, ahead, back = read_both_ways(layer, recurrence, xs)
        last = np.concatenate([ahead[0], back[0]])
    else:
        h, (last, *_) = read(layer, recurrence, xs)
    return {"last": last, "mean": np.mean(h, 0), "max": np.max(h, 0)}[settings.summary]


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_the_label_follows_the_equations(variant: str) -> None:
    world = World("classifier", variant, VARIANTS[variant])
    model, source = world.build(), examples().source
    memory = model.encode(source)
    last, state = model.start(memory)
    assert last.tolist() == [BOS] * 4
    step, _ = model.step(last, state, memory)
    items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
    w, b = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    for row, length in enumerate(source.lengths.tolist()):
        v = summary(model, world.settings(), source.values[row, :length].tolist())
        np.testing.assert_allclose(step.output[row].numpy(), v, atol=1e-5)
        p = softmax(w @ v + b)
        np.testing.assert_allclose(log_probs[row].exp().numpy(), p[items[row].numpy() - FIRST_LABEL], atol=1e-5)


@torch.no_grad()
def test_a_label_is_one_step_and_done() -> None:
    model = World("classifier", "default", {}).build()
    memory = model.encode(examples().source)
    step, _ = model.step(*model.start(memory), memory)
    assert step.done.all()
