"""The fused forms of what a loop over time uses, against the plain forms: values and every gradient."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from unspool.kernels.gru_loop import GRULoop
from unspool.kernels.linear_loop import LinearLoop, linear_loop
from unspool.kernels.lstm_loop import LSTMLoop
from unspool.kernels.recurrence import StepwiseLoop
from unspool.kernels.switch import plain_kernels
from unspool.nn.attention import View, attend, by_memory
from unspool.nn.cells import CELLS, Cell
from unspool.nn.scores import SCORES
from worlds import assert_same, enlarged

B, T, S, EARLY, C, D = 3, 4, 5, 2, 6, 6
MASK = torch.arange(S) < torch.tensor([5, 2, 0]).unsqueeze(1)
every_score = pytest.mark.parametrize("score", SCORES)
every_loop = pytest.mark.parametrize("kind", ["lstm", "gru"])


def drawn(*shapes: tuple[int, ...]) -> list[Tensor]:
    generator = torch.Generator().manual_seed(5)
    return [torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_() for shape in shapes]


def gradients(outputs: Any, inputs: list[Tensor]) -> list[Tensor | None]:
    """Of a sum in which every number of every output has a weight of its own."""
    total = sum((torch.sin(torch.arange(out.numel()) + 1.0).view(out.shape) * out).sum() for out in outputs)
    return list(torch.autograd.grad(total, inputs, allow_unused=True))


def recurred(cell: Any, x: Tensor, contexts: Tensor, state: tuple[Tensor, ...]) -> list[Tensor]:
    """A loop in which each step has a context that depends on the state before it."""
    outputs = []
    for t, projection in enumerate(cell.input_projections(x)):
        state = cell.step(projection, state, context=contexts[:, t] * state[0])
        outputs.append(state[0])
    return [torch.stack(outputs, 1), *state]


@every_loop
def test_a_cell_in_a_loop_equals_its_readable_form(kind: str) -> None:
    cell = enlarged(CELLS[kind](EARLY + D, D)).double()
    x, contexts, *state = drawn((B, T, EARLY), (B, T, D), *[(B, D)] * cell.components)
    inputs = [x, contexts, *state, *cell.parameters()]
    expected = recurred(plain_loop(cell), x, contexts, tuple(state))
    prepared = cell.loop(x, D)
    assert isinstance(prepared, LSTMLoop | GRULoop)
    found = recurred(prepared, x, contexts, tuple(state))
    assert_same(tuple(found), tuple(expected))
    assert_same(tuple(gradients(found, inputs)), tuple(gradients(expected, inputs)))


def plain_loop(cell: Cell) -> StepwiseLoop:
    return StepwiseLoop(cell.weights, cell.equations)


def upper(cell: Any, x: Tensor, state: tuple[Tensor, ...], alone: bool) -> list[Tensor]:
    for one in x.unbind(1):
        state = (
            cell.step(None, state, one * state[0]) if alone else cell.step(cell.input_projection(one * state[0]), state)
        )
    return list(state)


@every_loop
def test_a_cell_whose_whole_input_is_context_needs_no_projection(kind: str) -> None:
    cell = enlarged(CELLS[kind](D, D)).double()
    x, *state = drawn((B, T, D), *[(B, D)] * cell.components)
    inputs = [x, *state, *cell.parameters()]
    expected = upper(cell, x, tuple(state), alone=False)
    found = upper(cell.loop(x, D), x, tuple(state), alone=True)
    assert_same(tuple(found), tuple(expected))
    assert_same(tuple(gradients(found, inputs)), tuple(gradients(expected, inputs)))


@every_loop
def test_steps_that_no_gradient_reaches_count_as_nothing(kind: str) -> None:
    cell = enlarged(CELLS[kind](EARLY + D, D)).double()
    x, contexts, *state = drawn((B, T, EARLY), (B, T, D), *[(B, D)] * cell.components)
    inputs = [x, contexts, *state, *cell.parameters()]
    expected = recurred(plain_loop(cell), x, contexts, tuple(state))[0][:, :2]
    found = recurred(cell.loop(x, D), x, contexts, tuple(state))[0][:, :2]
    assert_same(tuple(gradients([found], inputs)), tuple(gradients([expected], inputs)))


@pytest.mark.parametrize("kind", [kind for kind in CELLS if kind not in ("lstm", "gru")])
def test_cells_without_a_fused_form_step_by_their_equations(kind: str) -> None:
    assert isinstance(CELLS[kind](D, D).loop(drawn((B, T, D))[0], D), StepwiseLoop)


@every_loop
def test_without_gradients_and_by_the_switch_a_loop_is_plain(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cell, (x,) = CELLS[kind](D, D), drawn((B, T, D))
    assert isinstance(cell.loop(x.detach(), D), StepwiseLoop)
    with plain_kernels():
        assert isinstance(cell.loop(x, D), StepwiseLoop)
    assert not isinstance(cell.loop(x, D), StepwiseLoop)
    monkeypatch.setenv("UNSPOOL_KERNELS", "plain")
    assert isinstance(cell.loop(x, D), StepwiseLoop)


@every_loop
def test_a_fused_loop_is_right_without_gradients_too(kind: str) -> None:
    cell = enlarged(CELLS[kind](EARLY + D, D)).double()
    x, contexts, *state = drawn((B, T, EARLY), (B, T, D), *[(B, D)] * cell.components)
    expected = recurred(plain_loop(cell), x, contexts, tuple(state))
    with torch.no_grad():
        assert_same(tuple(recurred(cell.loop(x, D), x, contexts, tuple(state))), tuple(expected))


@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_map_in_a_loop_equals_the_plain_one(bias: bool) -> None:
    linear = enlarged(nn.Linear(EARLY + D, C, bias=bias)).double()
    x, y = drawn((T, B, EARLY), (T, B, D))
    inputs = [x, y, *linear.parameters()]
    prepared = linear_loop(linear, linear.weight, linear.bias, T, x)
    assert isinstance(prepared, LinearLoop)
    found = [prepared(one, other) for one, other in zip(x, y, strict=True)]
    expected = [linear(torch.cat(pair, -1)) for pair in zip(x, y, strict=True)]
    assert_same(tuple(found), tuple(expected))
    assert_same(tuple(gradients(found, inputs)), tuple(gradients(expected, inputs)))


def looked(look: Any, queries: Tensor) -> list[Tensor]:
    """One look after another, each query depending on the context before it."""
    found, before = [], torch.zeros_like(queries[:, 0])
    for query in queries.unbind(1):
        context, weights = look(by_memory(query + before, B))
        before = context.flatten(0, 1)
        found += [before, weights]
    return found


@every_score
def test_attention_in_a_loop_equals_the_plain_one(score: str) -> None:
    scorer = enlarged(SCORES[score](D, C)).double()
    queries, states = drawn((B, T, D), (B, S, C))
    inputs = [queries, states, *scorer.parameters()]
    found = looked(scorer.attention(scorer.keys(states), states, MASK, T), queries)
    expected = looked(lambda query: attend(scorer(query, scorer.keys(states)), states, MASK), queries)
    assert_same(tuple(found), tuple(expected))
    assert_same(tuple(gradients(found, inputs)), tuple(gradients(expected, inputs)))


@every_score
def test_all_looks_at_once_equal_the_plain_ones(score: str) -> None:
    scorer = enlarged(SCORES[score](D, C)).double()
    queries, states = drawn((B, T, D), (B, S, C))
    inputs = [queries, states, *scorer.parameters()]
    found = scorer.attention(scorer.keys(states), states, MASK, 1)(queries)
    expected = attend(scorer(queries, scorer.keys(states)), states, MASK)
    assert_same(found, expected)
    assert_same(tuple(gradients(found, inputs)), tuple(gradients(expected, inputs)))


@every_score
def test_looks_through_windows_equal_the_plain_ones(score: str) -> None:
    scorer = enlarged(SCORES[score](D, C)).double()
    queries, states, scale = drawn((B, T, D), (B, S, C), (B, T, S))
    seen = MASK.unsqueeze(1) & (torch.arange(S) >= torch.arange(T).unsqueeze(1))
    inputs = [queries, states, scale, *scorer.parameters()]
    found = scorer.attention(scorer.keys(states), states, MASK, 1)(queries, View(seen, scale))
    expected = attend(scorer(queries, scorer.keys(states)), states, seen, scale)
    assert_same(found, expected)
    assert_same(tuple(gradients(found, inputs)), tuple(gradients(expected, inputs)))


@every_score
def test_looks_whose_weights_alone_are_used_have_a_gradient(score: str) -> None:
    scorer = enlarged(SCORES[score](D, C)).double()
    queries, states = drawn((B, T, D), (B, S, C))
    inputs = [queries, *scorer.parameters()]
    _, found = scorer.attention(scorer.keys(states), states, MASK, 1)(queries)
    _, expected = attend(scorer(queries, scorer.keys(states)), states, MASK)
    assert_same(tuple(gradients([found], inputs)), tuple(gradients([expected], inputs)))


@every_loop
def test_under_autocast_a_loop_stays_near_single_precision(kind: str) -> None:
    cell = CELLS[kind](EARLY + D, D)
    x, contexts, *state = (
        one.detach().float().requires_grad_() for one in drawn((B, T, EARLY), (B, T, D), *[(B, D)] * cell.components)
    )
    inputs = [x, contexts, *state, *cell.parameters()]
    expected = gradients(recurred(plain_loop(cell), x, contexts, tuple(state)), inputs)
    with torch.autocast("cpu", torch.bfloat16):
        found = recurred(cell.loop(x, D), x, contexts, tuple(state))
    assert {one.dtype for one in found} == {torch.float32}
    assert_same(tuple(gradients(found, inputs)), tuple(expected), rtol=0.1, atol=0.1)


@every_score
def test_a_second_backward_pass_over_a_retained_graph_finds_the_same(score: str) -> None:
    scorer, cell = enlarged(SCORES[score](D, C)).double(), enlarged(CELLS["lstm"](EARLY + D, D)).double()
    queries, states, x, contexts, *state = drawn((B, T, D), (B, S, C), (B, T, EARLY), (B, T, D), (B, D), (B, D))
    found = looked(scorer.attention(scorer.keys(states), states, MASK, T), queries)
    outputs = [*found, *recurred(cell.loop(x, D), x, contexts, tuple(state))]
    inputs = [queries, states, x, contexts, *state, *scorer.parameters(), *cell.parameters()]
    total = sum((number * out).sin().sum() for number, out in enumerate(outputs, 1))
    first, second = (torch.autograd.grad(total, inputs, retain_graph=True) for _ in range(2))
    assert_same(first, second, rtol=0, atol=0)
