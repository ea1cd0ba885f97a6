"""Layers: what stands between them, and the same numbers by steps and at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch.nn import functional

import transcriptions
from unspool.errors import Mistake
from unspool.nn.cells import CELLS
from unspool.nn.dropout import Dropout
from unspool.nn.masks import mask_of
from unspool.nn.stacks import LayerOptions, Stack, bidirectional_stack_of, stack_of
from variants import CELL_NAMES
from worlds import assert_same, enlarged

OPTIONS = [
    LayerOptions(),
    LayerOptions(residual=True),
    LayerOptions(layer_norm=True),
    LayerOptions(residual=True, layer_norm=True),
]
every_cell = pytest.mark.parametrize("kind", CELL_NAMES)


def random_state(stack: Any, rows: int) -> Any:
    generator = torch.Generator().manual_seed(6)
    draw = [[torch.randn(c.shape, generator=generator) for c in layer] for layer in stack.initial(rows)]
    return tuple(tuple(layer) for layer in draw)


@every_cell
@pytest.mark.parametrize("between", OPTIONS, ids=["bare", "residual", "norm", "residual-norm"])
@torch.no_grad()
def test_unroll_equals_repeated_step(kind: str, between: LayerOptions) -> None:
    stack = enlarged(stack_of(kind, 5, 4, 3, between))
    x, state = torch.randn(2, 6, 5), random_state(stack, 2)
    outputs, final = stack.unroll(x, state)
    stepped = []
    for t in range(6):
        top, state = stack.step(x[:, t], state)
        stepped.append(top)
    assert_same((outputs, final), (torch.stack(stepped, 1), state))


@torch.no_grad()
def test_bottom_layer_and_those_above_it_make_the_whole() -> None:
    stack = enlarged(stack_of("lstm", 5, 4, 3, LayerOptions(residual=True, layer_norm=True)))
    x, state, mask = torch.randn(2, 6, 5), random_state(stack, 2), mask_of(torch.tensor([6, 2]), 6)
    bottom, final = stack.layers[0].unroll(x, state[0], mask)
    top, finals = stack.unroll_above(bottom, state, mask)
    assert_same((top, (final, *finals)), stack.unroll(x, state, mask))


@torch.no_grad()
def test_between_layers_stand_the_residual_and_then_the_normalisation() -> None:
    stack = enlarged(stack_of("gru", 4, 4, 3, LayerOptions(residual=True, layer_norm=True)))
    x, state = torch.randn(2, 6, 4), random_state(stack, 2)
    expected = x
    for depth, (layer, norm) in enumerate(zip(stack.layers, stack.norms, strict=True)):
        outputs, _ = layer.unroll(expected, state[depth])
        summed = outputs + expected if depth else outputs
        expected = functional.layer_norm(summed, (4,), norm.weight, norm.bias)
    assert_same(stack.unroll(x, state)[0], expected)


@torch.no_grad()
def test_residual_connections_begin_at_the_layer_that_is_named() -> None:
    stack = enlarged(stack_of("gru", 4, 4, 4, LayerOptions(residual=True, residual_from=2)))
    x, state = torch.randn(2, 6, 4), random_state(stack, 2)
    expected = x
    for depth, layer in enumerate(stack.layers):
        outputs, _ = layer.unroll(expected, state[depth])
        expected = outputs + expected if depth >= 2 else outputs
    assert_same(stack.unroll(x, state)[0], expected)


@torch.no_grad()
def test_what_stands_beside_is_seen_by_every_layer_above_the_bottom_and_not_added() -> None:
    stack = enlarged(Stack([CELLS["gru"](size, 4) for size in (5, 7, 7)], LayerOptions(residual=True)))
    x, context, state = torch.randn(2, 6, 5), torch.randn(2, 6, 3), random_state(stack, 2)
    bottom, _ = stack.layers[0].unroll(x, state[0])
    expected = bottom
    for depth in (1, 2):
        outputs, _ = stack.layers[depth].unroll(torch.cat([expected, context], -1), state[depth])
        expected = outputs + expected
    assert_same(stack.unroll_above(bottom, state, beside=context)[0], expected)


@torch.no_grad()
def test_final_states_are_the_cells_own_before_residual_and_normalisation() -> None:
    plain = enlarged(stack_of("gru", 4, 4, 2, LayerOptions()))
    joined = stack_of("gru", 4, 4, 2, LayerOptions(residual=True, layer_norm=True))
    joined.layers.load_state_dict(plain.layers.state_dict())
    x, state = torch.randn(2, 6, 4), random_state(plain, 2)
    _, final = plain.unroll(x, state)
    _, final_joined = joined.unroll(x, state)
    assert_same(final_joined[0], final[0])


@every_cell
@torch.no_grad()
def test_both_directions_equal_the_readings_of_each_sentence_alone(kind: str) -> None:
    stack = enlarged(bidirectional_stack_of(kind, 5, 6, 1, LayerOptions()))
    lengths, x = torch.tensor([6, 1, 4]), torch.randn(3, 6, 5)
    outputs, ((*final,),) = stack.unroll(x, stack.initial(3), mask_of(lengths, 6))
    for b, n in enumerate(lengths.tolist()):
        xs = list(transcriptions.numbers(x[b, :n]))
        states, ahead, back = transcriptions.read_both_ways(stack.layers[0], transcriptions.CELLS[kind], xs)
        for t in range(n):
            assert_same(outputs[b, t].double(), torch.tensor(states[t]))
        for component, first, second in zip(final, ahead, back, strict=True):
            assert_same(component[b].double(), torch.tensor([*first, *second]))


@torch.no_grad()
def test_both_directions_go_on_from_a_state_of_their_own_each() -> None:
    layer = enlarged(bidirectional_stack_of("lstm", 5, 6, 1, LayerOptions())).layers[0]
    x, state = torch.randn(2, 4, 5), tuple(torch.randn(2, 6) for _ in range(2))
    outputs, final = layer.unroll(x, state)
    ahead, final_ahead = layer.ahead.unroll(x, tuple(c[:, :3] for c in state))
    back, final_back = layer.back.unroll(x.flip(1), tuple(c[:, 3:] for c in state))
    assert_same(outputs, torch.cat([ahead, back.flip(1)], -1))
    assert_same(final, tuple(torch.cat(pair, -1) for pair in zip(final_ahead, final_back, strict=True)))


def test_a_copy_steps_with_its_own_weights() -> None:
    stack = stack_of("gru", 5, 4, 2, LayerOptions())
    twin = copy.deepcopy(stack)
    assert not {id(p) for p in stack.parameters()} & {id(p) for p in twin.parameters()}


def test_an_odd_size_cannot_read_both_ways() -> None:
    with pytest.raises(Mistake, match="odd size 7") as caught:
        bidirectional_stack_of("gru", 5, 7, 1, LayerOptions())
    assert "encoder_size" in caught.value.remedy


def test_dropout_stands_between_layers_and_not_above_the_top() -> None:
    one = stack_of("gru", 5, 4, 1, LayerOptions(Dropout(0.5))).train()
    x = torch.randn(2, 6, 5)
    assert_same(one.unroll(x, one.initial(2)), one.unroll(x, one.initial(2)), rtol=0, atol=0)
    two = enlarged(stack_of("gru", 5, 4, 2, LayerOptions(Dropout(0.5))).train())
    again = (two.unroll(x, two.initial(2))[0] for _ in range(2))
    assert not torch.equal(*again)
