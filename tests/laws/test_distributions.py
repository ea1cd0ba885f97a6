"""What heads and attention say are distributions, over what they may say and nothing else."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from unspool.types import Step, Tree, map_tree
from worlds import (
    TARGET_SYMBOLS,
    Examples,
    World,
    assert_same,
    leaves,
    on,
    real,
    shifted,
    symbol_worlds,
    worlds,
    writing_worlds,
)

# Where symbols are copied, what is smoothed is what is generated beside them.
GENERATING = [world for world in worlds() if world.writes_symbols and not world.copies]


def written(world: World, model: Any, batch: Examples | None = None) -> tuple[Step, Tree, Tensor]:
    """A step `[B·T, ·]` as if each were a row, the memory, and random targets."""
    batch = batch or world.examples()
    memory = model.encode(batch.source)
    step, _ = model.unroll(shifted(batch.target), model.start(memory)[1], memory)
    return step, memory, world.random_items(*batch.target.values.shape[:2], seed=3)


def log_probs(world: World, model: Any, step: Step, memory: Tree) -> Tensor:
    """Of every symbol that can be written, `[B, T, V - 2]`, and of those beyond V where they can be copied."""
    shape = step.output.shape[:2]
    beyond = memory.copies.shape[1] if world.copies else 0
    symbols = range(2, TARGET_SYMBOLS + beyond)
    return torch.stack([model.head.log_prob(step, torch.full(shape, symbol), memory) for symbol in symbols], -1)


@symbol_worlds
@torch.no_grad()
def test_probabilities_sum_to_one_over_what_can_be_written(world: World) -> None:
    model = world.build()
    step, memory, _ = written(world, model)
    total = log_probs(world, model, step, memory).exp().sum(-1)
    assert_same(total, torch.ones_like(total))


@symbol_worlds
@torch.no_grad()
def test_top_k_lists_the_best_first_with_their_log_probabilities(world: World) -> None:
    model = world.build()
    step, memory, _ = written(world, model)
    table = log_probs(world, model, step, memory)
    last = map_tree(lambda leaf: leaf[:, -1], step)
    classes_in_all = table.shape[-1] - (world.first - 2)
    for n in (1, 2, classes_in_all, classes_in_all + 5):
        items, best = model.head.top_k(last, n, memory)
        expected, classes = table[:, -1].sort(-1, descending=True)
        expected = expected[:, :classes_in_all]
        assert_same(best, expected[:, :n])
        possible = best > -torch.inf  # the others are equal and come in any order
        assert torch.equal(items[possible], classes[:, : items.shape[1]][possible] + 2)
        assert (items >= world.first).all()


@on(world for world in worlds() if world.has_modes)
@torch.no_grad()
def test_loss_without_smoothing_is_minus_the_log_probability(world: World) -> None:
    model = world.build()
    step, memory, targets = written(world, model)
    smoothed, nll = model.head.loss(step, targets, memory)
    assert_same((smoothed, nll), (-model.head.log_prob(step, targets, memory),) * 2)


@on(GENERATING)
@torch.no_grad()
def test_smoothing_spreads_its_mass_evenly_over_what_can_be_written(world: World) -> None:
    model = world.build()
    step, memory, targets = written(world, model)
    table = log_probs(world, model, step, memory)
    true = table.gather(-1, (targets - 2).unsqueeze(-1)).squeeze(-1)
    possible = table[..., world.first - 2 :]
    expected = -(0.7 * true + 0.3 * possible.mean(-1))
    assert_same(model.head.loss(step, targets, memory, smoothing=0.3), (expected, -true))


@on(world for world in worlds() if world.has_weights)
@torch.no_grad()
def test_attention_sums_to_one_over_real_positions_unless_it_is_dimmed_and_is_zero_on_padding(world: World) -> None:
    model = world.build()
    batch = world.examples((5, 1, 3, 0))
    step, _, _ = written(world, model, batch)
    for weights in leaves(step.attention):
        mask = real(batch.source, weights[:, 0]).unsqueeze(1)
        assert (weights >= 0).all()
        assert not weights.masked_select(~mask).any()
        total, something = weights.sum(-1), mask.any(-1).expand(weights.shape[:-1])
        if world.dims:
            assert torch.equal(total > 0, something) and (total < 1).all()
        else:
            assert_same(total, something.float())


@writing_worlds
@torch.no_grad()
def test_attention_depends_on_what_is_fed(world: World) -> None:
    model = world.build()
    step, _, _ = written(world, model)
    for weights in leaves(step.attention):
        assert not torch.allclose(weights[0, 1], weights[0, 0], atol=1e-6)
