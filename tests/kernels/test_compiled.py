"""Compiled loops against the plain forms that say what they mean; and what happens where nothing can be compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from unspool.kernels import compiled, gates
from unspool.kernels.switch import plain_kernels
from unspool.nn.attention import View, attend, by_memory
from unspool.nn.cells import CELLS, Cell
from unspool.nn.scores import SCORES
from worlds import assert_same, enlarged

R, H = 5, 37  # no multiple of a vector's width
B, T, S = 4, 5, 6
MASK = torch.arange(S) < torch.tensor([6, 3, 1, 0]).unsqueeze(1)
TYPES = (torch.float32, torch.bfloat16)
needs_a_compiler = pytest.mark.skipif(compiled.library() is None, reason="there is no C++ compiler here")
every_type = pytest.mark.parametrize("dtype", TYPES)


def drawn(*shapes: tuple[int, ...], seed: int = 3) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [2 * torch.randn(shape, generator=generator) for shape in shapes]


@needs_a_compiler
@every_type
def test_lstm_gates_equal_the_plain_ones(dtype: torch.dtype) -> None:
    before, c, to_h, to_c = drawn((R, 4 * H), (R, H), (R, H), (R, H))
    before = before.to(dtype)
    found, expected = gates.lstm_forward(before, c), gates.lstm_forward_plain(before, c)
    assert_same(found, expected)
    places = [torch.empty(R, 4 * H, dtype=dtype) for _ in range(2)]
    back = gates.lstm_backward(to_h, to_c, *expected[:2], c, places[0])
    assert_same(back, gates.lstm_backward_plain(to_h, to_c, *expected[:2], c, places[1]))
    torch.testing.assert_close(*places, rtol=1e-2 if dtype == torch.bfloat16 else 1e-5, atol=1e-6)


@needs_a_compiler
@every_type
def test_gru_gates_equal_the_plain_ones(dtype: torch.dtype) -> None:
    driven, recurrent, h, to_h = drawn((R, 3 * H), (R, 3 * H), (R, H), (R, H))
    driven, recurrent = driven.to(dtype), recurrent.to(dtype)
    found, expected = (form(driven, recurrent, h) for form in (gates.gru_forward, gates.gru_forward_plain))
    assert_same(found, expected)
    places = [torch.empty(R, 3 * H, dtype=dtype) for _ in range(4)]
    back = gates.gru_backward(to_h, expected[0], recurrent, h, *places[:2])
    assert_same(back, gates.gru_backward_plain(to_h, expected[0], recurrent, h, *places[2:]))
    for one, other in zip(places[:2], places[2:], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-2 if dtype == torch.bfloat16 else 1e-5, atol=1e-6)


@needs_a_compiler
def test_gates_hold_at_the_ends_of_the_numbers() -> None:
    before = torch.tensor([-3e38, -1e4, -90.0, -1e-30, 0.0, 1e-30, 90.0, 1e4, 3e38]).repeat(4).unsqueeze(0)
    c = torch.linspace(-5, 5, 9).unsqueeze(0)
    assert_same(gates.lstm_forward(before, c), gates.lstm_forward_plain(before, c))


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Any]:
    """Runs something without anything compiled."""

    def run(what: Callable[[], Any]) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(compiled, "library", lambda: None)
            return what()

    return run


def learned(outputs: tuple[Tensor, ...], inputs: list[Tensor]) -> tuple[Tensor, ...]:
    """Outputs, and every gradient of a sum in which each number has a weight of its own."""
    total = sum((torch.sin(torch.arange(out.numel()) + 1.0).view(out.shape) * out).sum() for out in outputs)
    assert isinstance(total, Tensor)
    return (*outputs, *torch.autograd.grad(total, inputs))


@needs_a_compiler
@pytest.mark.parametrize("used", ["both", "contexts", "weights"])
@pytest.mark.parametrize("seen", ["all", "a window", "a dimmed window"])
def test_looks_equal_the_plain_ones(used: str, seen: str) -> None:
    scorer = enlarged(SCORES["concat"](7, 9))
    queries, states = (part.requires_grad_() for part in drawn((T, B, 7), (B, S, 9)))
    window = View((MASK & (torch.arange(S) > 0)).unsqueeze(1), torch.rand(B, 1, S) if "dimmed" in seen else None)
    view = View(MASK.unsqueeze(1)) if seen == "all" else window

    def looked(look: Any) -> tuple[Tensor, ...]:
        found = [look(by_memory(query, B)) for query in queries.unbind(0)]
        contexts, weights = (torch.stack(parts, 1) for parts in zip(*found, strict=True))
        outputs = {"both": (contexts, weights), "contexts": (contexts,), "weights": (weights,)}[used]
        inputs = [queries, *scorer.parameters(), *([] if used == "weights" else [states])]
        return learned(outputs, inputs)

    keys = scorer.keys(states)
    look = scorer.attention(keys, states, MASK, T)
    assert_same(
        looked(look if seen == "all" else lambda query: look(query, window)),
        looked(lambda query: attend(scorer(query, scorer.keys(states)), states, *view)),
    )


def reading(kind: str, *, back: bool, masked: bool) -> tuple[Tensor, ...]:
    """A layer's pass: outputs at real items, the final state, gradients."""
    cell: Cell = enlarged(CELLS[kind](7, H))
    x, *state = (part.requires_grad_() for part in drawn((B, S, 7), *[(B, H)] * cell.components))
    mask = MASK if masked else torch.ones_like(MASK)
    outputs, final = (cell.unroll_backward if back else cell.unroll)(x, tuple(state), mask)
    return learned((outputs * mask.unsqueeze(-1), *final), [x, *state, *cell.parameters()])


@needs_a_compiler
@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("masked", [True, False], ids=["padded", "whole"])
@pytest.mark.parametrize("back", [True, False], ids=["back", "ahead"])
def test_a_layers_pass_equals_the_librarys(
    kind: str, back: bool, masked: bool, plain: Callable[[Callable[[], Any]], Any]
) -> None:
    found = reading(kind, back=back, masked=masked)
    expected = plain(lambda: reading(kind, back=back, masked=masked))
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("masked", [True, False], ids=["padded", "whole"])
@pytest.mark.parametrize("back", [True, False], ids=["back", "ahead"])
def test_a_layers_pass_equals_its_plain_form(kind: str, back: bool, masked: bool) -> None:
    found = reading(kind, back=back, masked=masked)
    with plain_kernels():
        expected = reading(kind, back=back, masked=masked)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


@needs_a_compiler
def test_threads_change_nothing() -> None:
    before, c = drawn((300, 4 * H), (300, H))
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = gates.lstm_forward(before, c)
        torch.set_num_threads(2)
        together = gates.lstm_forward(before, c)
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("reason", ["no compiler", "a compiler that fails", "turned off"])
def test_without_a_compiled_library_pytorch_does_the_same(
    reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    compiled.library.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\nexit 1\n")
    failing.chmod(0o755)
    match reason:
        case "no compiler":
            monkeypatch.delenv("CXX", raising=False)
            monkeypatch.setenv("PATH", "")
        case "a compiler that fails":
            monkeypatch.setenv("CXX", str(failing))
        case _:
            monkeypatch.setenv("UNSPOOL_COMPILE", "0")
    try:
        assert compiled.library() is None
        before, c = drawn((R, 4 * H), (R, H))
        assert_same(gates.lstm_forward(before, c), gates.lstm_forward_plain(before, c))
    finally:
        compiled.library.cache_clear()


@needs_a_compiler
def test_what_was_compiled_once_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiled.library.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    try:
        assert compiled.library() is not None
        (kept,) = (tmp_path / "unspool").glob("*.so")
        made = kept.stat().st_mtime_ns
        compiled.library.cache_clear()
        assert compiled.library() is not None
        assert kept.stat().st_mtime_ns == made
    finally:
        compiled.library.cache_clear()
