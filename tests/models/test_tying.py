"""One table where two would do: both embeddings, and the output layer."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from unspool.config import TrainingConfig, resolve
from unspool.errors import Mistake
from unspool.models import registry
from unspool.nn.embedding import embeddings_of
from unspool.training.checkpoint import read_weights, write_weights
from unspool.training.objectives import teacher_forcing
from unspool.training.train_state import TrainState
from unspool.types import FIRST_EMITTED, Dimensions, Symbols
from worlds import PLAIN, SOURCE_SYMBOLS, TARGET_SYMBOLS, World, assert_same, examples, on

# A head that copies has the one that is tied inside.
TEXTS = [world for world in PLAIN if world.task == ("text", "text")]
every_tying_world = on(world for world in TEXTS if not world.copies)
ALIKE = 9
BOTH = {"tie_embeddings": True, "tie_output": True}


def built(world: World, **values: Any) -> Any:
    return replace(world, values=world.values | values, symbols=(ALIKE, ALIKE)).build()


def weights(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@on(TEXTS)
def test_the_first_embedding_is_the_sources_and_the_last_the_targets(world: World) -> None:
    source, target = embeddings_of(world.build())
    assert (source.table.num_embeddings, target.table.num_embeddings) == (SOURCE_SYMBOLS, TARGET_SYMBOLS)


@every_tying_world
def test_each_tie_saves_a_table(world: World) -> None:
    plain = built(world)
    table = embeddings_of(plain)[0].table.weight.numel()
    written = (ALIKE - FIRST_EMITTED) * embeddings_of(plain)[0].size
    assert weights(built(world, tie_embeddings=True)) == weights(plain) - table
    assert weights(built(world, tie_output=True)) == weights(plain) - written
    assert weights(built(world, **BOTH)) == weights(plain) - table - written


@every_tying_world
def test_one_update_moves_the_one_table_everywhere(world: World) -> None:
    model = built(world, **BOTH)
    train_state = TrainState(model, TrainingConfig(precision="fp32"), torch.device("cpu"))
    optimised = [parameter for group in train_state.optimizer.param_groups for parameter in group["params"]]
    assert len(optimised) == len({id(parameter) for parameter in optimised})
    teacher_forcing(model, examples().source, examples().target, 0.1).smoothed.backward()
    train_state.optimizer.step()
    (embedding,) = embeddings_of(model)
    scaled = embedding.table.weight[FIRST_EMITTED:] * model.head.projection.scale
    assert_same(model.head.projection.weight, scaled, rtol=0, atol=0)
    assert not torch.equal(embedding.table.weight, embeddings_of(built(world, **BOTH))[0].table.weight)


@every_tying_world
def test_the_table_learns_from_reading_and_from_writing(world: World) -> None:
    model = built(world, **BOTH)
    batch = examples()
    teacher_forcing(model, batch.source, batch.target, 0.0).smoothed.backward()
    gradient = embeddings_of(model)[0].table.weight.grad
    model.head.projection.table = torch.nn.Embedding.from_pretrained(model.head.projection.table.weight.detach())
    reading = torch.autograd.grad(
        teacher_forcing(model, batch.source, batch.target, 0.0).smoothed, embeddings_of(model)[0].table.weight
    )[0]
    assert not torch.allclose(gradient, reading, atol=1e-3)


@every_tying_world
def test_ties_survive_a_copy_and_a_file(world: World, tmp_path: Path) -> None:
    model, other = built(world, **BOTH), built(world, **BOTH)
    twin = copy.deepcopy(model)
    assert twin.head.projection.table is embeddings_of(twin)[0].table is not embeddings_of(model)[0].table
    with torch.no_grad():
        embeddings_of(model)[0].table.weight.mul_(0.5)
    write_weights(tmp_path / "model.safetensors", model, "ours")
    read_weights(tmp_path / "model.safetensors", other, "ours")
    losses = [teacher_forcing(some, examples().source, examples().target, 0.0).nll for some in (model, other, twin)]
    assert losses[0] == losses[1] != losses[2]
    assert other.head.projection.table is embeddings_of(other)[0].table


def test_an_output_of_another_width_is_brought_to_the_embeddings() -> None:
    world = World("luong", "narrow", {"embedding_size": 4, "decoder_size": 6, "tie_output": True})
    head = world.build().head
    assert head.narrow.weight.shape == (4, 6) and head.projection.weight.shape == (TARGET_SYMBOLS - FIRST_EMITTED, 4)


def test_a_tied_output_layer_starts_no_larger_than_one_of_its_own() -> None:
    for name in ("luong", "transformer"):
        settings = resolve({"model": {"name": name, "tie_output": True}}).model
        model: Any = registry.build(settings, Dimensions(Symbols(500), Symbols(500)))
        assert model.head.projection.weight.norm(dim=1).mean().item() == pytest.approx(1.0, abs=0.1)


@every_tying_world
def test_vocabularies_of_two_sizes_cannot_be_tied(world: World) -> None:
    with pytest.raises(Mistake, match=r"shared_vocabulary|9 symbols and the target 8"):
        replace(world, values=world.values | {"tie_embeddings": True}).build()
