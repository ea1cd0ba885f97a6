"""The law of `unroll` and `step`, and what it means for rows and memories."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from unspool.types import Step, Tree, map_tree
from worlds import TARGET_SYMBOLS, World, assert_same, changed, every_world, leaves, shifted, writing_worlds


def started(world: World, model: Any) -> tuple[Tensor, Tree, Tree]:
    """Inputs `[B, T]` that begin with the model's own first item, the state before them, and the memory."""
    batch = world.examples()
    memory = model.encode(batch.source)
    first, state = model.start(memory)
    return shifted(batch.target, first), state, memory


def by_steps(model: Any, inputs: Tensor, state: Tree, memory: Tree) -> tuple[Step, Tree]:
    """What `unroll` must say, by calling `step`."""
    steps = []
    for last in inputs.unbind(1):
        step, state = model.step(last, state, memory)
        steps.append(step)
    return stacked(steps), state


def stacked(trees: list[Any]) -> Any:
    """A T axis behind the first, in every leaf."""
    if trees[0] is None:
        return None
    if isinstance(trees[0], tuple):
        branches = [stacked(list(parts)) for parts in zip(*trees, strict=True)]
        return type(trees[0])(*branches) if hasattr(trees[0], "_fields") else tuple(branches)
    return torch.stack(trees, 1)


def taken(tree: Tree, rows: list[int]) -> Tree:
    return map_tree(lambda leaf: leaf.index_select(0, torch.tensor(rows)), tree)


def several_rows(world: World, model: Any, share: int = 3) -> tuple[Tensor, Tree, Tree]:
    """Items to feed and a state of `share` different rows for each memory, two steps behind the start."""
    inputs, state, memory = started(world, model)
    rows = [b for b in range(len(inputs)) for _ in range(share)]
    state = taken(state, rows)
    fed = world.random_items(len(rows), 3, seed=2)
    for last in (inputs[rows, 0], fed[:, 0], fed[:, 1]):
        _, state = model.step(last, state, memory)
    return fed[:, 2], state, memory


@every_world
@torch.no_grad()
def test_unroll_equals_repeated_step(world: World) -> None:
    model = world.build()
    assert_same(model.unroll(*started(world, model)), by_steps(model, *started(world, model)))


@every_world
@torch.no_grad()
def test_unroll_goes_on_from_a_carried_state(world: World) -> None:
    model = world.build()
    inputs, state, memory = started(world, model)
    whole, final = model.unroll(inputs, state, memory)
    for cut in (1, 3, 5):
        _, halfway = model.unroll(inputs[:, :cut], state, memory)
        rest = map_tree(lambda leaf, cut=cut: leaf[:, cut:], whole)
        assert_same(model.unroll(inputs[:, cut:], halfway, memory), (rest, final))
        assert_same(by_steps(model, inputs[:, cut:], halfway, memory), (rest, final))


@writing_worlds
@torch.no_grad()
def test_what_was_read_and_written_reaches_the_next_step(world: World) -> None:
    model = world.build()
    inputs, state, memory = started(world, model)
    whole, _ = model.unroll(inputs, state, memory)
    other = inputs.clone()
    other[:, 0] = changed(other[:, 0], TARGET_SYMBOLS)
    otherwise, _ = model.unroll(other, state, memory)
    alone, _ = model.unroll(inputs[:, 2:], state, memory)
    assert not torch.allclose(otherwise.output[:, 2], whole.output[:, 2], atol=1e-4)
    assert not torch.allclose(alone.output[:, 0], whole.output[:, 2], atol=1e-4)


@every_world
@torch.no_grad()
def test_a_step_leaves_the_state_and_the_memory_before_it_as_they_were(world: World) -> None:
    model = world.build()
    last, state, memory = several_rows(world, model)
    before = map_tree(torch.clone, (state, memory))
    model.step(last, state, memory)
    assert_same((state, memory), before, rtol=0, atol=0)


@every_world
@torch.no_grad()
def test_reordering_rows_of_a_memory_commutes_with_step(world: World) -> None:
    model = world.build()
    last, state, memory = several_rows(world, model)
    step, stepped = model.step(last, state, memory)
    rows = [2, 0, 0, 3, 5, 4, 8, 8, 8, 10, 9, 11]  # row r stays with memory r // 3
    if not world.labels:
        assert not torch.allclose(step.output[rows], step.output, atol=1e-4)
    assert_same(model.step(last[rows], taken(state, rows), memory), taken((step, stepped), rows))


@every_world
@torch.no_grad()
def test_reordering_memories_with_their_rows_commutes_with_step(world: World) -> None:
    model = world.build()
    last, state, memory = several_rows(world, model)
    memories, rows = [3, 1, 1], [10, 9, 3, 4, 5, 5]
    moved = model.step(last[rows], taken(state, rows), taken(memory, memories))
    assert_same(moved, taken(model.step(last, state, memory), rows))


@every_world
@torch.no_grad()
def test_rows_that_share_a_memory_equal_rows_with_one_each(world: World) -> None:
    model = world.build()
    last, state, memory = several_rows(world, model)
    repeated = map_tree(lambda leaf: leaf.repeat_interleave(3, 0), memory)
    assert_same(model.step(last, state, memory), model.step(last, state, repeated))


@every_world
@torch.no_grad()
def test_first_axis_is_sources_in_a_memory_and_rows_in_a_state(world: World) -> None:
    model = world.build()
    last, state, memory = several_rows(world, model)
    step, state = model.step(last, state, memory)
    assert {len(leaf) for leaf in leaves(memory)} == {4}
    assert {len(leaf) for leaf in leaves((step, state))} == {12}
