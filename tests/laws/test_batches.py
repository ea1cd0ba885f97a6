"""Nothing depends on who shares the batch, on padding, or on a source having any item at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from unspool.training.objectives import teacher_forcing
from unspool.types import Step
from worlds import (
    SOURCE_SYMBOLS,
    TARGET_SYMBOLS,
    Examples,
    World,
    assert_same,
    changed,
    every_world,
    leaves,
    longer,
    member,
    places,
    shifted,
)

PADDED = {
    "source with zeros": lambda batch: batch._replace(source=longer(batch.source, 3, 0)),
    "source with symbols": lambda batch: batch._replace(source=longer(batch.source, 2, SOURCE_SYMBOLS - 1)),
    "target with zeros": lambda batch: batch._replace(target=longer(batch.target, 3, 0)),
    "target with symbols": lambda batch: batch._replace(target=longer(batch.target, 2, TARGET_SYMBOLS - 1)),
}


def written(model: Any, batch: Examples) -> Step:
    memory = model.encode(batch.source)
    first, state = model.start(memory)
    step, _ = model.unroll(shifted(batch.target, first), state, memory)
    return step


def learned(model: Any, batch: Examples) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch, and the gradient of each parameter."""
    model.zero_grad()
    loss = teacher_forcing(model, batch.source, batch.target, smoothing=0.1).smoothed / batch.target.lengths.sum()
    loss.backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return loss.detach(), gradients


def inside(weights: Tensor, alone: Tensor) -> Tensor:
    """Attention over as many positions as when alone; what lies behind them must be 0."""
    kept = tuple(map(slice, alone.shape))
    beyond = weights.clone()
    beyond[kept] = 0
    assert not beyond.any()
    return weights[kept]


@every_world
@torch.no_grad()
def test_a_batch_equals_its_members_one_by_one(world: World) -> None:
    model, batch = world.build(), world.examples()
    together = written(model, batch)
    for b, targets in enumerate(batch.target.lengths):
        alone = written(model, Examples(member(batch.source, b), member(batch.target, b)))
        assert_same(together.output[b : b + 1, :targets], alone.output)
        for mine, single in zip(leaves(together.attention), leaves(alone.attention), strict=True):
            assert_same(inside(mine[b : b + 1, :targets], single), single)


@every_world
def test_a_batch_teaches_what_its_members_teach(world: World) -> None:
    model, batch = world.build(), world.examples()
    loss, gradients = learned(model, batch)
    alone = [learned(model, Examples(member(batch.source, b), member(batch.target, b))) for b in range(4)]
    share = batch.target.lengths / batch.target.lengths.sum()
    assert_same(loss, sum(weight * part for weight, (part, _) in zip(share, alone, strict=True)))
    for name, gradient in gradients.items():
        assert_same(gradient, sum(weight * part[name] for weight, (_, part) in zip(share, alone, strict=True)))


@every_world
def test_more_padding_changes_neither_loss_nor_any_gradient(world: World) -> None:
    model, batch = world.build(), world.examples()
    loss, gradients = learned(model, batch)
    for padded in PADDED.values():
        loss_padded, gradients_padded = learned(model, padded(batch))
        assert_same(loss_padded, loss)
        assert gradients.keys() == gradients_padded.keys()
        for name, gradient in gradients.items():
            assert_same(gradients_padded[name], gradient)


@every_world
@torch.no_grad()
def test_every_source_item_counts(world: World) -> None:
    model, batch = world.build(), world.examples()
    expected = written(model, batch).output
    for place in places(batch.source):
        values = batch.source.values.clone()
        values[place] = changed(values[place], SOURCE_SYMBOLS)
        output = written(model, batch._replace(source=replace(batch.source, values=values))).output
        others = torch.arange(4) != place[0]
        assert not torch.allclose(output[~others], expected[~others], atol=1e-6)
        assert_same(output[others], expected[others])


@every_world
def test_every_parameter_learns(world: World) -> None:
    model = world.build()
    _, gradients = learned(model, world.examples())
    assert [name for name, _ in model.named_parameters() if name not in gradients] == []
    assert [name for name, gradient in gradients.items() if not gradient.any()] == []


@every_world
def test_an_empty_source_in_a_batch_gives_finite_results_and_gradients(world: World) -> None:
    model, batch = world.build(), world.examples((3, 0, 2), (2, 3, 4))
    loss, gradients = learned(model, batch)
    assert loss.isfinite()
    assert [name for name, gradient in gradients.items() if not gradient.isfinite().all()] == []
    alone = written(model, Examples(member(batch.source, 1), member(batch.target, 1)))
    assert alone.output.isfinite().all()
    assert_same(written(model, batch).output[1:2, :3], alone.output)


@every_world
def test_a_batch_of_empty_sources_learns_too(world: World) -> None:
    model, batch = world.build(), world.examples((0, 0), (2, 3))
    loss, gradients = learned(model, batch)
    padded, gradients_padded = learned(model, batch._replace(source=longer(batch.source, 2, 0)))
    assert_same(loss, padded)
    for name in gradients.keys() & gradients_padded.keys():
        assert gradients[name].isfinite().all()
        assert_same(gradients[name], gradients_padded[name])
