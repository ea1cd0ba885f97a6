"""Each cell against its paper's equations, and each kernel against the readable form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import transcriptions
from unspool.nn.cells import CELLS, Cell, LSTMCell, unroll_stepwise
from unspool.nn.masks import mask_of
from variants import CELL_NAMES
from worlds import assert_same, enlarged

INPUTS, D = 5, 4
LENGTHS = torch.tensor([6, 0, 3, 1])
every_cell = pytest.mark.parametrize("kind", CELL_NAMES)


def cell_of(kind: str) -> Any:
    return enlarged(CELLS[kind](INPUTS, D))


def inputs_and_state(cell: Cell) -> tuple[Tensor, tuple[Tensor, ...]]:
    generator = torch.Generator().manual_seed(4)
    x = torch.randn(4, 6, INPUTS, generator=generator)
    state = tuple(torch.randn(4, D, generator=generator) for _ in range(cell.components))
    return x.requires_grad_(), tuple(component.requires_grad_() for component in state)


def test_every_cell_that_settings_name_exists() -> None:
    assert set(CELLS) == set(CELL_NAMES) == set(transcriptions.CELLS)


@every_cell
@torch.no_grad()
def test_steps_follow_the_equations(kind: str) -> None:
    cell = cell_of(kind)
    x, state = inputs_and_state(cell)
    expected = [tuple(transcriptions.numbers(component[b]) for component in state) for b in range(4)]
    for t in range(6):
        state = cell.step(cell.input_projection(x[:, t]), state)
        for b in range(4):
            expected[b] = transcriptions.CELLS[kind](cell, transcriptions.numbers(x[b, t]), expected[b])
            assert len(state) == len(expected[b])
            for component, number in zip(state, expected[b], strict=True):
                np.testing.assert_allclose(component[b].numpy(), number, atol=1e-5)


@torch.no_grad()
def test_bahdanaus_gru_is_chos_with_the_update_gate_relabelled() -> None:
    cell = cell_of("gru_reset_before")
    inputs, (h,) = inputs_and_state(cell)
    x, state = transcriptions.numbers(inputs[0, 0]), (transcriptions.numbers(h[0]),)
    expected = transcriptions.gru_cho(cell, x, state)
    np.testing.assert_allclose(transcriptions.gru_bahdanau(cell, x, state), expected, atol=1e-12)


@every_cell
@pytest.mark.parametrize("masked", [True, False])
def test_unroll_equals_steps_in_outputs_final_state_and_every_gradient(kind: str, masked: bool) -> None:
    results = []
    for unroll in (type(cell_of(kind)).unroll, unroll_stepwise):
        cell = cell_of(kind)
        x, state = inputs_and_state(cell)
        mask = mask_of(LENGTHS, 6) if masked else None
        outputs, final = unroll(cell, x, state, mask)
        real = outputs if mask is None else outputs * mask.unsqueeze(-1)
        weights = torch.randn(real.shape, generator=torch.Generator().manual_seed(5))
        (
            (real * weights).sum() + sum((n + 2) * component.square().sum() for n, component in enumerate(final))
        ).backward()
        gradients = (x.grad, *(component.grad for component in state), *(p.grad for p in cell.parameters()))
        results.append((real.detach(), tuple(component.detach() for component in final), gradients))
    assert_same(results[0], results[1])


@every_cell
def test_final_state_stands_behind_the_last_real_item(kind: str) -> None:
    cell = cell_of(kind)
    x, state = inputs_and_state(cell)
    _, final = cell.unroll(x, state, mask_of(LENGTHS, 6))
    for b, length in enumerate(LENGTHS.tolist()):
        alone = tuple(component[b : b + 1] for component in state)
        for t in range(length):
            alone = cell.step(cell.input_projection(x[b : b + 1, t]), alone)
        assert_same(tuple(component[b : b + 1] for component in final), alone)


@every_cell
def test_a_row_without_items_keeps_its_state_and_teaches_nothing(kind: str) -> None:
    cell = cell_of(kind)
    x, state = inputs_and_state(cell)
    _, final = cell.unroll(x, state, mask_of(torch.tensor([0, 0, 0, 0]), 6))
    assert_same(final, state, rtol=0, atol=0)
    sum(component.sum() for component in final).backward()
    assert not x.grad.any()
    assert not any(parameter.grad.any() for parameter in cell.parameters() if parameter.grad is not None)


@every_cell
def test_padding_of_any_size_is_never_read(kind: str) -> None:
    cell = cell_of(kind)
    x, state = inputs_and_state(cell)
    mask = mask_of(LENGTHS, 6)
    outputs, final = cell.unroll(x, state, mask)
    filled, final_filled = cell.unroll(x.masked_fill(~mask.unsqueeze(-1), 50.0), state, mask)
    assert_same(final_filled, final)
    assert_same(filled[mask], outputs[mask])


@every_cell
def test_partial_drives_add_up_to_the_whole(kind: str) -> None:
    cell = cell_of(kind)
    x, _ = inputs_and_state(cell)
    assert_same(
        cell.input_projection(x[..., :2])
        + cell.input_projection(x[..., 2:4], 2)
        + cell.input_projection(x[..., 4:], 4),
        cell.input_projection(x),
    )


@every_cell
def test_initial_state_is_zero_in_every_component(kind: str) -> None:
    cell = cell_of(kind)
    state = cell.initial(3)
    assert [component.shape for component in state] == [(3, D)] * cell.components
    assert not any(component.any() for component in state)


def test_a_fresh_lstm_forgets_little() -> None:
    cell = LSTMCell(INPUTS, D)
    bias = (cell.input.bias + cell.hidden.bias).view(4, D)
    assert bias[1].tolist() == [1.0] * D
    assert not bias[[0, 2, 3]].any()


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
@torch.no_grad()
def test_kernels_run_in_half_precision_with_padding(kind: str) -> None:
    cell = cell_of(kind)
    x, state = inputs_and_state(cell)
    outputs, final = cell.unroll(x, state, mask_of(LENGTHS, 6))
    mask = mask_of(LENGTHS, 6)
    half, final_half = cell.bfloat16().unroll(x.bfloat16(), tuple(c.bfloat16() for c in state), mask)
    assert_same(half[mask].float(), outputs[mask], rtol=0.1, atol=0.1)
    assert_same(tuple(c.float() for c in final_half), final, rtol=0.1, atol=0.1)
