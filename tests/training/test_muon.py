"""Muon against PyTorch's, AdamW beside it, and who is moved by which."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor

from unspool.config import TrainingConfig, resolve
from unspool.models import registry
from unspool.nn.parameters import mark
from unspool.training import muon
from unspool.training.muon import STEPS, A, B, C, Muon, orthogonal
from unspool.training.optimizer import inner_matrices, optimizer_of, set_rate
from unspool.training.train_state import TrainState
from unspool.types import Dimensions, Symbols
from worlds import PLAIN, World

SHAPES = ((6, 6), (12, 5), (4, 9))


def drawn(seed: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for shape in SHAPES]


def taught(optimizer: torch.optim.Optimizer, parts: list[Tensor], updates: int = 4) -> list[Tensor]:
    for update in range(updates):
        for part, gradient in zip(parts, drawn(10 + update), strict=True):
            part.grad = gradient
        optimizer.step()
    return [part.detach() for part in parts]


def test_matrices_move_as_by_the_librarys_muon() -> None:
    ours, theirs = ([part.requires_grad_() for part in drawn(1)] for _ in range(2))
    values: dict[str, Any] = {"lr": 0.02, "weight_decay": 0.3}
    with torch.autocast("cpu", torch.bfloat16):
        found = taught(Muon([{"params": ours, "orthogonal": True}], **values), ours)
    expected = taught(torch.optim.Muon(theirs, adjust_lr_fn="match_rms_adamw", ns_steps=STEPS, **values), theirs)
    for mine, reference, start in zip(found, expected, drawn(1), strict=True):
        torch.testing.assert_close(mine, reference, rtol=1e-2, atol=1e-3)  # of bfloat16
        assert float((mine - start).abs().max()) > 0.01


def test_the_rest_moves_as_by_adamw() -> None:
    ours, theirs = ([part.requires_grad_() for part in drawn(1)] for _ in range(2))
    values: dict[str, Any] = {"lr": 0.02, "weight_decay": 0.3, "fused": True}
    found = taught(Muon([{"params": ours, "orthogonal": False}], **values), ours)
    for mine, reference in zip(found, taught(torch.optim.AdamW(theirs, **values), theirs), strict=True):
        assert torch.equal(mine, reference)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(40, 40), (64, 16), (16, 64)])
def test_strong_and_weak_directions_become_alike_and_stay_where_they_are(
    shape: tuple[int, int], dtype: torch.dtype
) -> None:
    u, _, v = torch.linalg.svd(torch.randn(shape, generator=torch.Generator().manual_seed(4)), full_matrices=False)
    x = u @ torch.diag(torch.logspace(0, -1, len(v))) @ v
    turned = orthogonal(x.to(dtype).unsqueeze(0)).squeeze(0).float()
    assert turned.shape == shape
    within = u.t() @ turned @ v.t()
    values = within.diagonal()
    assert float(values.min()) > 0.6 and float(values.max()) < 1.3
    assert float((within - torch.diag(values)).abs().max()) < 0.1


@pytest.mark.parametrize("shape", [(8, 8), (5, 20), (20, 5)])
def test_one_polynomial_of_the_square_is_the_iteration_of_the_docstring(shape: tuple[int, int]) -> None:
    drawn = torch.randn(3, *shape, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    for x, found in zip(drawn, orthogonal(drawn), strict=True):
        x = x / x.norm()
        for _ in range(STEPS):
            square = x @ x.t()
            x = A * x + (B * square + C * square @ square) @ x
        torch.testing.assert_close(found, x)


def test_matrices_of_one_shape_move_as_each_would_alone() -> None:
    shapes = [(6, 4), (4, 6), (6, 4), (4, 6), (6, 4)]
    generator = torch.Generator().manual_seed(6)
    starts, gradients = ([torch.randn(shape, generator=generator) for shape in shapes] for _ in range(2))

    def moved(places: list[int]) -> list[Tensor]:
        parts = [starts[place].clone().requires_grad_() for place in places]
        optimizer = Muon([{"params": parts, "orthogonal": True}], lr=0.1, weight_decay=0.1)
        for _ in range(2):
            for part, place in zip(parts, places, strict=True):
                part.grad = gradients[place].clone()
            optimizer.step()
        return [part.detach() for part in parts]

    for place, together in enumerate(moved([0, 1, 2, 3, 4])):
        torch.testing.assert_close(together, moved([place])[0])


def test_maps_that_are_stored_as_one_matrix_move_as_each_would_alone() -> None:
    generator = torch.Generator().manual_seed(7)
    start, gradient = (torch.randn(8, 5, generator=generator) for _ in range(2))
    stored = mark(start.clone().requires_grad_(), "inside", maps=2)
    halves = [half.clone().requires_grad_() for half in start.chunk(2)]
    stored.grad, halves[0].grad, halves[1].grad = gradient.clone(), *map(torch.clone, gradient.chunk(2))
    Muon([{"params": [stored], "orthogonal": True}], lr=0.1).step()
    Muon([{"params": halves, "orthogonal": True}], lr=0.1).step()
    torch.testing.assert_close(stored.detach(), torch.cat([half.detach() for half in halves]))


def test_no_gradient_moves_nothing() -> None:
    assert torch.equal(orthogonal(torch.zeros(2, 3, 4)), torch.zeros(2, 3, 4))


@pytest.mark.parametrize("world", PLAIN, ids=lambda w: f"{w.model}-{w.label}")
def test_of_every_model_it_moves_matrices_that_are_neither_embedding_nor_output(world: World) -> None:
    model = world.build()
    names = {id(part): name for name, part in model.named_parameters()}
    moved = {names[id(weight)] for weight in inner_matrices(model)}
    assert moved and all(name.endswith("weight") for name in moved)
    assert not [name for name in moved if "table" in name or "projection" in name]
    optimizer = optimizer_of(model, TrainingConfig(optimizer="muon"))
    held = [(names[id(part)], group["orthogonal"]) for group in optimizer.param_groups for part in group["params"]]
    assert len(held) == len(names) and {name for name, orthogonal in held if orthogonal} == moved


def test_a_step_is_about_as_large_as_adams() -> None:
    settings = {"name": "luong", "embedding_size": 16, "encoder_size": 32, "decoder_size": 32}
    sizes = {}
    for kind in ("adamw", "muon"):
        torch.manual_seed(0)
        model: Any = registry.build(resolve({"model": settings}).model, Dimensions(Symbols(9), Symbols(9)))
        optimizer = optimizer_of(model, TrainingConfig(optimizer=kind, weight_decay=0))
        set_rate(optimizer, 0.01)
        before = model.combine.weight.detach().clone()
        generator = torch.Generator().manual_seed(2)
        for _ in range(20):
            for part in model.parameters():
                part.grad = torch.randn(part.shape, generator=generator)
            optimizer.step()
        sizes[kind] = float((model.combine.weight.detach() - before).square().mean().sqrt())
    assert 0.3 < sizes["muon"] / sizes["adamw"] < 3


def test_what_it_remembers_is_saved_and_loaded() -> None:
    model = World("luong", "plain", {}).build()

    def learn(optimizer: torch.optim.Optimizer, of: Any, updates: range) -> None:
        for update in updates:
            generator = torch.Generator().manual_seed(update)
            for part in of.parameters():
                part.grad = torch.randn(part.shape, generator=generator)
            optimizer.step()

    optimizer = optimizer_of(model, TrainingConfig(optimizer="muon"))
    learn(optimizer, model, range(3))
    twin = World("luong", "plain", {}).build()
    twin.load_state_dict(model.state_dict())
    other = optimizer_of(twin, TrainingConfig(optimizer="muon"))
    other.load_state_dict(other.state_dict() | {"state": copy.deepcopy(optimizer.state_dict()["state"])})
    learn(optimizer, model, range(3, 6))
    learn(other, twin, range(3, 6))
    for mine, theirs in zip(model.parameters(), twin.parameters(), strict=True):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_it_multiplies_in_the_precision_of_the_losses(dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.dtype] = []
    monkeypatch.setattr(muon, "orthogonal", lambda x: seen.append(x.dtype) or x)
    train_state = TrainState(World("luong", "plain", {}).build(), TrainingConfig(optimizer="muon"), torch.device("cpu"))
    train_state.precision = "fp32" if dtype == torch.float32 else "bf16"  # as where a loss has not agreed
    for part in train_state.module.parameters():
        part.grad = torch.ones_like(part)
    with train_state.autocast():
        train_state.optimizer.step()
    assert set(seen) == {dtype}
