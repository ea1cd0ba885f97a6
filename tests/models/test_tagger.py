"""The tagger against its equations, position by position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, numbers, read_both_ways, softmax
from unspool.types import FIRST_LABEL
from worlds import TARGET_SYMBOLS, World, examples

VARIANTS: dict[str, dict[str, Any]] = {"default": {}, "gru": {"encoder_cell": "gru", "encoder_size": 4}}


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_labels_follow_the_equations(variant: str) -> None:
    world = World("tagger", variant, VARIANTS[variant])
    model, source = world.build(), examples().source
    memory = model.encode(source)
    last, state = model.start(memory)
    w, b = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    table, layer = numbers(model.encoder.embedding.table.weight), model.encoder.stack.layers[0]
    h = [
        read_both_ways(layer, CELLS[world.settings().encoder_cell], [table[i] for i in row[:length].tolist()])[0]
        for row, length in zip(source.values, source.lengths.tolist(), strict=True)
    ]
    for t in range(source.values.shape[1]):
        step, state = model.step(last, state, memory)
        items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
        for row, states in enumerate(h):
            assert bool(step.done[row]) == (t + 1 >= len(states))
            if t < len(states):
                p = softmax(w @ states[t] + b)
                np.testing.assert_allclose(log_probs[row].exp().numpy(), p[items[row].numpy() - FIRST_LABEL], atol=1e-5)


@torch.no_grad()
def test_labels_do_not_depend_on_labels() -> None:
    model, batch = World("tagger", "default", {}).build(), examples()
    memory = model.encode(batch.source)
    _, state = model.start(memory)
    one, _ = model.unroll(batch.target.values, state, memory)
    other, _ = model.unroll(batch.target.values.flip(1), state, memory)
    assert torch.equal(one.output, other.output)
