"""Recurrent weights are dropped once for all steps of a pass, whichever way a cell runs."""

from __future__ import annotations

import pytest
import torch

from unspool.config.model_families import CellName
from unspool.nn.cells import CELLS, Cell, unroll_stepwise
from variants import CELL_NAMES
from worlds import enlarged

every_cell = pytest.mark.parametrize("kind", CELL_NAMES)
B, T, INPUTS, D = 3, 5, 4, 6


def dropping(kind: CellName, probability: float = 0.5) -> Cell:
    cell: Cell = enlarged(CELLS[kind](INPUTS, D, probability))
    return cell


def read(cell: Cell, unroll=None) -> torch.Tensor:  # type: ignore[no-untyped-def]
    torch.manual_seed(5)
    x = torch.randn(B, T, INPUTS).requires_grad_()
    outputs, _ = (unroll or type(cell).unroll)(cell, x, cell.initial(B))
    return outputs


def read_in_a_loop(cell: Cell, x: torch.Tensor, state: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, None]:
    outputs, loop = [], cell.loop(x, 0)
    for projection in loop.input_projections(x):
        state = loop.step(projection, state)
        outputs.append(state[0])
    return torch.stack(outputs, 1), None


@every_cell
def test_kernels_and_loops_drop_what_steps_drop(kind: CellName) -> None:
    cell = dropping(kind)
    expected = read(cell, unroll_stepwise)
    torch.testing.assert_close(read(cell), expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(read(cell, read_in_a_loop), expected, rtol=1e-4, atol=1e-5)


@every_cell
@pytest.mark.parametrize("unroll", [None, unroll_stepwise, read_in_a_loop])
def test_a_weight_that_was_dropped_gets_no_gradient_from_any_step(kind: CellName, unroll) -> None:  # type: ignore[no-untyped-def]
    cell = dropping(kind)
    read(cell, unroll).square().sum().backward()
    share = (cell.hidden.weight.grad == 0).float().mean().item()
    assert share == pytest.approx(0.5, abs=0.2)


@every_cell
def test_what_is_kept_is_scaled_up(kind: CellName) -> None:
    cell = dropping(kind)
    dropped, whole = cell.pass_weights().hidden, cell.hidden.weight
    torch.testing.assert_close(dropped[dropped != 0], 2 * whole[dropped != 0])


@every_cell
def test_outside_training_and_without_a_probability_a_cell_is_itself(kind: CellName) -> None:
    cell, plain = dropping(kind), dropping(kind, 0.0)
    for whole in (cell.eval(), plain.train()):
        assert whole.pass_weights().hidden is whole.hidden.weight
    torch.testing.assert_close(read(cell), read(plain))


def test_weights_on_disk_have_their_usual_names() -> None:
    assert dropping("lstm").state_dict().keys() == CELLS["lstm"](INPUTS, D).state_dict().keys()
