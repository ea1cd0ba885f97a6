"""Vaswani et al. 2017 against its equations, sentence by sentence, position by position and head by head."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import Vector, mixed, numbers, softmax
from unspool.errors import Mistake
from unspool.types import BOS
from worlds import TARGET_SYMBOLS, World, examples, leaves, shifted

VARIANTS: dict[str, dict[str, Any]] = {
    "paper": {"norm_first": False},
    "default": {},
    "one head": {"heads": 1, "norm_first": False},
    "other sizes": {"size": 8, "heads": 4, "feed_forward_size": 5, "encoder_layers": 1, "decoder_layers": 3},
}


def attention(block: Any, x: Vector, seen: list[Vector]) -> tuple[Vector, Vector]:
    """(1) and 3.2.2 of one position that looks at others: what it finds, and the mean of its heads' weights."""
    w_q, w_o = numbers(block.query.weight), numbers(block.output.weight)
    w_k, w_v = np.split(numbers(block.key_value.weight), 2)
    d = len(x) // block.heads
    found, weights = [], []
    for i in range(block.heads):
        rows = slice(i * d, (i + 1) * d)
        q, ks, vs = w_q[rows] @ x, [w_k[rows] @ s for s in seen], [w_v[rows] @ s for s in seen]
        weights.append(softmax(np.array([q @ k / math.sqrt(d) for k in ks])))
        found.append(mixed(weights[-1], vs))
    return w_o @ np.concatenate(found), np.mean(weights, 0)


def feed_forward(block: Any, x: Vector) -> Vector:
    """(2)."""
    inner = np.maximum(0, numbers(block.inner.weight) @ x + numbers(block.inner.bias))
    return numbers(block.outer.weight) @ inner + numbers(block.outer.bias)


def normed(norm: Any, x: Vector) -> Vector:
    """Ba et al. 2016."""
    if not hasattr(norm, "eps"):
        return x
    centred = (x - x.mean()) / np.sqrt(x.var() + norm.eps)
    return numbers(norm.weight) * centred + numbers(norm.bias)


def before(around: Any, xs: list[Vector]) -> list[Vector]:
    return [normed(around.norm, x) for x in xs] if around.norm_first else xs


def behind(around: Any, xs: list[Vector], said: list[Vector]) -> list[Vector]:
    """`LayerNorm(x + Sublayer(x))` (3.1), or the norm in front."""
    sums = [x + y for x, y in zip(xs, said, strict=True)]
    return sums if around.norm_first else [normed(around.norm, x) for x in sums]


def inputs(block: Any, ids: list[int]) -> list[Vector]:
    """Embeddings times √D (3.4), and PE (3.5)."""
    table = numbers(block.embedding.table.weight)
    size = table.shape[1]
    xs = []
    for position, i in enumerate(ids):
        pe = np.empty(size)
        for k in range(0, size, 2):
            angle = position / 10000 ** (k / size)
            pe[k], pe[k + 1] = math.sin(angle), math.cos(angle)
        xs.append(table[i] * math.sqrt(size) + pe)
    return xs


def encoded(model: Any, ids: list[int]) -> list[Vector]:
    """The encoder's output."""
    xs = inputs(model.source, ids)
    for layer in model.encoder:
        seen = before(layer.around_attention, xs)
        xs = behind(layer.around_attention, xs, [attention(layer.attention, x, seen)[0] for x in seen])
        seen = before(layer.around_feed_forward, xs)
        xs = behind(layer.around_feed_forward, xs, [feed_forward(layer.feed_forward, x) for x in seen])
    return [normed(model.encoder_norm, x) for x in xs]


def written(model: Any, source: list[int], fed: list[int]) -> list[tuple[Vector, Vector, Vector]]:
    """The top layer's output, the last layer's mean weights over the source, and the distribution of each step."""
    read, xs, weights = encoded(model, source), inputs(model.target, fed), []
    for layer in model.decoder:
        seen = before(layer.around_attention, xs)
        said = [attention(layer.attention, x, seen[: t + 1])[0] for t, x in enumerate(seen)]
        xs = behind(layer.around_attention, xs, said)
        found, weights = zip(*(attention(layer.cross, x, read) for x in before(layer.around_cross, xs)), strict=True)
        xs = behind(layer.around_cross, xs, list(found))
        seen = before(layer.around_feed_forward, xs)
        xs = behind(layer.around_feed_forward, xs, [feed_forward(layer.feed_forward, x) for x in seen])
    xs = [normed(model.decoder_norm, x) for x in xs]
    w, b = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    return [(x, alpha, softmax(w @ x + b)) for x, alpha in zip(xs, weights, strict=True)]


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_steps_follow_the_equations(variant: str) -> None:
    model = World("transformer", variant, VARIANTS[variant]).build()
    batch = examples()
    memory = model.encode(batch.source)
    fed = shifted(batch.target)
    last, state = model.start(memory)
    assert last.tolist() == [BOS] * 4
    expected = [
        written(model, batch.source.values[b, :n].tolist(), fed[b].tolist())
        for b, n in enumerate(batch.source.lengths.tolist())
    ]
    for t in range(fed.shape[1]):
        step, state = model.step(fed[:, t], state, memory)
        items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
        for b, said in enumerate(expected):
            x, alpha, p = said[t]
            np.testing.assert_allclose(step.output[b].numpy(), x, atol=2e-5)
            np.testing.assert_allclose(step.attention[b, : len(alpha)].numpy(), alpha, atol=1e-5)
            np.testing.assert_allclose(log_probs[b].exp().numpy(), p[items[b].numpy() - 2], atol=1e-5)


@torch.no_grad()
def test_the_state_is_one_pair_of_keys_and_values_longer_with_each_step() -> None:
    model = World("transformer", "default", {}).build()
    memory = model.encode(examples().source)
    last, state = model.start(memory)
    for t in range(3):
        assert {leaf.shape for leaf in leaves(state)} == {(4, t, 12)}
        _, state = model.step(last, state, memory)


@torch.no_grad()
def test_what_is_fed_later_changes_nothing_before_it() -> None:
    model = World("transformer", "default", {}).build()
    memory = model.encode(examples().source)
    fed = shifted(examples().target)
    other = fed.clone()
    other[:, 3] = 2 + (other[:, 3] - 1) % 6
    whole, _ = model.unroll(fed, model.start(memory)[1], memory)
    changed, _ = model.unroll(other, model.start(memory)[1], memory)
    assert torch.equal(whole.output[:, :3], changed.output[:, :3])
    assert not torch.allclose(whole.output[:, 3:], changed.output[:, 3:], atol=1e-3)


@torch.no_grad()
def test_order_counts_only_through_the_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    model = World("transformer", "default", {}).build()
    source = examples((4, 4), (2, 2)).source
    turned = type(source)(source.values.flip(1), source.lengths)
    assert not torch.allclose(model.encode(turned).read[0].flip(1), model.encode(source).read[0], atol=1e-3)
    monkeypatch.setattr("unspool.nn.embedding.sinusoids", lambda start, steps, size, like: torch.zeros(()))
    torch.testing.assert_close(model.encode(turned).read[0].flip(1), model.encode(source).read[0])


@pytest.mark.parametrize("values", [{"size": 6, "heads": 4}, {"size": 9, "heads": 3}])
def test_heads_share_out_an_even_size(values: dict[str, int]) -> None:
    with pytest.raises(Mistake, match=f"{values['size']} .* {values['heads']} heads") as caught:
        World("transformer", "uneven", values).settings()
    assert "model.size" in caught.value.remedy
