"""Yang et al. 2016 against its equations, document by document."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from transcriptions import CELLS, State, Vector, gates, mixed, numbers, read_both_ways, sigmoid, softmax
from unspool.types import FIRST_LABEL, Sequences
from worlds import TARGET_SYMBOLS, World, assert_same, examples


def gru_yang(cell: Any, x: Vector, state: State) -> State:
    """(1) to (4): `h_t = (1 - z)∘h_{t-1} + z∘h̃_t`, where z weighs the new state and r the product `U_h h`.

    Ours weighs the old one, so the paper's weights of z are ours with the other sign.
    """
    (h,) = state
    gate = gates(cell, "rzh")
    r, z = sigmoid(gate["r"](x, h)), sigmoid(-gate["z"](x, h))
    new = gate["h"]
    proposed = np.tanh(new.w @ x + r * (new.u @ h + new.d) + new.b)
    return ((1 - z) * h + z * proposed,)


VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "other sizes": {"embedding_size": 5, "word_size": 4, "sentence_size": 8, "attention_size": 3},
    "lstm": {"cell": "lstm"},
}
RECURRENCES = CELLS | {"gru": gru_yang}


def annotated(level: Any, recurrence: Any, items: list[Vector]) -> tuple[Vector, Vector]:
    """(5) to (7), or (8) to (10): what the items say together, and α."""
    h, _, _ = read_both_ways(level.stack.layers[0], recurrence, items)
    w, b, u_w = numbers(level.hidden.weight), numbers(level.hidden.bias), numbers(level.informative.weight)[0]
    alpha = softmax(np.array([np.tanh(w @ h_t + b) @ u_w for h_t in h]))
    return mixed(alpha, h), alpha


@pytest.mark.parametrize("variant", VARIANTS)
@torch.no_grad()
def test_documents_follow_the_equations(variant: str) -> None:
    world = World("han", variant, VARIANTS[variant])
    model, recurrence, source = world.build(), RECURRENCES[world.settings().cell], world.examples().source
    assert source.inner is not None
    memory = model.encode(source)
    step, _ = model.step(*model.start(memory), memory)
    items, log_probs = model.head.top_k(step, TARGET_SYMBOLS, memory)
    table = numbers(model.embedding.table.weight)
    w_c, b_c = numbers(model.head.projection.weight), numbers(model.head.projection.bias)
    sentence_weights, word_weights = step.attention
    for b, count in enumerate(source.lengths.tolist()):
        lengths = source.inner[b, :count].tolist()
        ids = [source.values[b, i, :length].tolist() for i, length in enumerate(lengths)]
        read = [annotated(model.words, recurrence, [table[word] for word in sentence]) for sentence in ids]
        v, alpha = annotated(model.sentences, recurrence, [s for s, _ in read])
        np.testing.assert_allclose(step.output[b].numpy(), v, atol=1e-5)
        np.testing.assert_allclose(sentence_weights[b, :count].numpy(), alpha, atol=1e-5)
        for i, (_, weights) in enumerate(read):
            np.testing.assert_allclose(word_weights[b, i, : lengths[i]].numpy(), weights, atol=1e-5)
        p = softmax(w_c @ v + b_c)
        np.testing.assert_allclose(log_probs[b].exp().numpy(), p[items[b].numpy() - FIRST_LABEL], atol=1e-5)


@torch.no_grad()
def test_an_empty_sentence_harms_nobody() -> None:
    world = World("han", "default", {})
    model, source = world.build(), world.examples().source
    assert source.inner is not None
    inner = source.inner.clone()
    inner[0, 2] = 0
    changed, before = model.encode(Sequences(source.values, source.lengths, inner)), model.encode(source)
    assert changed.document.isfinite().all()
    assert not changed.words[0, 2].any()
    assert_same(changed.document[1:], before.document[1:])


@torch.no_grad()
def test_no_time_is_spent_on_sentences_that_are_padding() -> None:
    world = World("han", "default", {})
    model, source, rows = world.build(), world.examples((5, 1, 1, 0)).source, []
    model.words.register_forward_hook(lambda module, given, said: rows.append(len(given[0])))
    model.encode(source)
    assert rows == [8]


def test_flat_ids_are_refused() -> None:
    with pytest.raises(AssertionError, match="sentences"):
        World("han", "default", {}).build().encode(examples().source)
