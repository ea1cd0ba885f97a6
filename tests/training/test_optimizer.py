"""Only matrices decay; what the layers see of any embedding moves at the clock of a Transformer's."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from unspool import folder as disk
from unspool.config import RunConfig, TrainingConfig, resolve
from unspool.models import registry
from unspool.nn.class_head import ClassHead
from unspool.nn.embedding import embeddings_of
from unspool.nn.heads import CategoricalHead
from unspool.training.optimizer import optimizer_of, set_rate
from unspool.types import Dimensions, Labels, Sentences, Symbols
from worlds import World, plain_symbol_worlds

WIDTH = 16
SIZES = {
    "luong": {"embedding_size": WIDTH, "encoder_size": 8, "decoder_size": 8},
    "transformer": {"size": WIDTH, "heads": 2},
    "han": {"embedding_size": WIDTH},
}
DIMENSIONS = {"han": Dimensions(Sentences(9), Labels(9))}


def model(name: str = "luong", **settings: Any) -> Any:
    torch.manual_seed(0)
    values = {"name": name} | SIZES[name] | settings
    dimensions = DIMENSIONS.get(name, Dimensions(Symbols(9), Symbols(9)))
    return registry.build(resolve({"model": values}).model, dimensions)


def moved(ours: Any, **settings: Any) -> dict[str, float]:
    """The largest change of each parameter in one update at rate 0.01, whose gradient is 1 everywhere."""
    before = {name: part.detach().clone() for name, part in ours.named_parameters()}
    optimizer = optimizer_of(ours, TrainingConfig(weight_decay=0, **settings))
    set_rate(optimizer, 0.01)
    for part in ours.parameters():
        part.grad = torch.ones_like(part)
    optimizer.step()
    return {name: float((part.detach() - before[name]).abs().max()) for name, part in ours.named_parameters()}


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
@pytest.mark.parametrize(("name", "share"), [("luong", 4.0), ("transformer", 1.0), ("han", 4.0)])
def test_embeddings_learn_as_fast_as_those_that_are_scaled_by_the_root_of_their_width(
    name: str, share: float, optimizer: str
) -> None:
    ours = model(name)
    wide = {id(part.table.weight) for part in embeddings_of(ours)}
    steps = moved(ours, optimizer=optimizer)
    for part_name, part in ours.named_parameters():
        expected = 0.01 * (share if id(part) in wide else 1.0)
        assert steps[part_name] == pytest.approx(expected, rel=1e-3), part_name


def test_a_given_share_takes_the_place_of_that() -> None:
    steps = moved(model(), embedding_rate=2.0)
    assert steps["embedding.table.weight"] == pytest.approx(0.02, rel=1e-3)
    assert steps["combine.weight"] == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_moments_have_the_same_numbers_whatever_the_shares(optimizer: str) -> None:
    ours = model()
    plain, shared = (
        optimizer_of(ours, TrainingConfig(optimizer=optimizer, embedding_rate=share)) for share in (1.0, None)
    )
    order, other = ([id(p) for group in kind.param_groups for p in group["params"]] for kind in (plain, shared))
    assert order == other and len(set(order)) == len(list(ours.parameters()))


def groups_by_shape_and_kind(model: nn.Module, config: TrainingConfig) -> list[tuple[list[int], bool, float, float]]:
    """The rule of the releases that knew parameters by their modules; moments on disk are numbered by it."""
    parameters = list(model.parameters())
    shares = {id(part.table.weight): config.embedding_rate or part.rate for part in embeddings_of(model)}
    heads = [part for part in model.modules() if isinstance(part, CategoricalHead | ClassHead)]
    outside = {id(head.projection) for head in heads}
    linears = [part for part in model.modules() if isinstance(part, nn.Linear) and id(part) not in outside]
    inner = {id(layer.weight) for layer in linears if min(layer.weight.shape) > 1 and config.optimizer == "muon"}
    if config.optimizer != "adam":
        parameters.sort(key=lambda part: (id(part) in inner, part.dim() > 1), reverse=True)
    decay = 0.0 if config.optimizer == "adam" else config.weight_decay
    runs = groupby(parameters, lambda part: (id(part) in inner, part.dim() > 1, shares.get(id(part), 1.0)))
    return [
        ([id(part) for part in run], moved, share, decay / share if matrix else 0.0)
        for (moved, matrix, share), run in runs
    ]


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "muon"])
@pytest.mark.parametrize("rate", [None, 2.0])
@plain_symbol_worlds  # no earlier release wrote real values
def test_moments_have_the_numbers_that_they_have_in_older_checkpoints(
    world: World, rate: float | None, optimizer: str
) -> None:
    ours, config = world.build(), TrainingConfig(optimizer=optimizer, embedding_rate=rate)
    found = [
        ([id(part) for part in group["params"]], group["orthogonal"], group["share"], group["weight_decay"])
        for group in optimizer_of(ours, config).param_groups
    ]
    assert found == groups_by_shape_and_kind(ours, config)


def test_matrices_decay_all_alike_and_nothing_else_does() -> None:
    ours = model()
    for part in ours.parameters():
        part.data.fill_(1.0)
    optimizer = optimizer_of(ours, TrainingConfig(weight_decay=0.5))
    set_rate(optimizer, 0.1)
    for part in ours.parameters():
        part.grad = torch.zeros_like(part)
    optimizer.step()
    for part in ours.parameters():
        expected = 1 - 0.1 * 0.5 if part.dim() > 1 else 1.0
        torch.testing.assert_close(part.detach(), torch.full_like(part, expected))


def test_a_run_of_before_goes_on_with_the_rate_that_it_began_with(tmp_path: Path) -> None:
    metadata = disk.RunMetadata(
        unspool="0", versions={}, begun="", files={"data": [], "aligned": []}, fingerprint="",
        sizes=(9, 9, 0), pairs=1, validation_sources=1,
        padding_waste=0, metrics=["exact_match"], metric="exact_match", bleu_tokenizer="13a",
    )  # fmt: skip
    disk.write_run(tmp_path, RunConfig(), metadata)
    assert disk.read_run(tmp_path)[0].training.embedding_rate is None
    run = json.loads((tmp_path / disk.RUN).read_text(encoding="utf-8"))
    del run["training"]["embedding_rate"]
    (tmp_path / disk.RUN).write_text(json.dumps(run), encoding="utf-8")
    assert disk.read_run(tmp_path)[0].training.embedding_rate == 1.0
