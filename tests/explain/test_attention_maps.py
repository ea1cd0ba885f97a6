"""Every attention, layer and head: shapes, sums and the mean that the model itself reports."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explained import forced
from unspool.errors import Mistake
from unspool.explain.attention_maps import attention_maps
from unspool.explain.recording import record
from unspool.nn.stepper import to_torch
from worlds import PLAIN, World, on

ATTENDING = {world.model: world for world in reversed(PLAIN) if world.model in (
    "luong", "bahdanau", "gnmt", "han", "synthesis", "transformer")}  # fmt: skip


@on(ATTENDING.values())
def test_a_row_has_a_name_and_a_weight_for_each_column(world: World) -> None:
    for one in attention_maps(forced(world)):
        assert one.weights.shape == (len(one.rows), len(one.columns)) and (one.weights >= 0).all()
        if world.has_weights and not world.dims and one.kind != "words":
            assert np.allclose(one.weights.sum(1), 1, atol=1e-5)


def test_each_layer_and_head_of_a_transformer() -> None:
    world = World("transformer", "many", {"size": 8, "heads": 4, "encoder_layers": 2, "decoder_layers": 3})
    given = forced(world)
    maps = attention_maps(given)
    places = [(one.kind, one.layer, one.head) for one in maps]
    wanted = (("encoder", 2), ("decoder", 3), ("cross", 3))
    assert places == [
        (kind, layer, head) for kind, layers in wanted for layer in range(1, layers + 1) for head in range(1, 5)
    ]
    decoder = next(one for one in maps if one.kind == "decoder")
    assert decoder.columns == ["<s>", "a", "b"] and np.allclose(np.triu(decoder.weights, 1), 0), "nothing is foreseen"
    top = np.mean([one.weights for one in maps if (one.kind, one.layer) == ("cross", 3)], axis=0)
    assert np.allclose(top, record(given.model, given.explained).attention[0].numpy(), atol=1e-5)


def test_a_document_has_weights_of_sentences_and_of_words() -> None:
    given = forced(ATTENDING["han"])
    sentences, words = attention_maps(given)
    memory = given.model.encode(to_torch(given.explained.source, torch.device("cpu")))
    assert np.allclose(sentences.weights[0], memory.sentences[0].detach().numpy(), atol=1e-6)
    inner = given.explained.source.inner[0]
    assert np.allclose(np.add.reduceat(words.weights[0], np.cumsum(inner) - inner), 1, atol=1e-5)


def test_a_model_without_attention_has_no_maps() -> None:
    with pytest.raises(Mistake, match="no attention"):
        attention_maps(forced(World("sutskever", "default", {})))
