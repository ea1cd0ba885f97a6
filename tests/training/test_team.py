"""A team of threads trains as one: each has a part of the batch, and the sum is that of the whole batch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from unspool.config import TrainingConfig
from unspool.errors import Mistake
from unspool.training import gradients
from unspool.training.clock import Clock
from unspool.training.loop import train_step
from unspool.training.progress import Progress
from unspool.training.team import Team
from unspool.training.train_state import TrainState
from unspool.types import Batch, Sequences
from worlds import PLAIN, World, assert_same

MODELS = {world.model: world for world in reversed(PLAIN)}
WORLDS = [MODELS[name] for name in ("luong", "transformer", "tagger", "han")]
CPU = torch.device("cpu")


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def array(side: Sequences[Tensor]) -> Sequences[Any]:
    return Sequences(
        *(None if part is None else part.numpy() for part in (side.values, side.lengths, side.inner, side.copies))
    )


def trained(world: World, updates: int, resumed_from: Path | None = None, **settings: Any) -> tuple[TrainState, float]:
    """A model after some updates on one batch, and their mean loss."""
    torch.manual_seed(3)
    model, examples = world.build(), world.examples()
    config = TrainingConfig(precision="fp32", averaging=0, **settings)
    state = TrainState(model.train(), config, CPU)
    progress = state.resume(resumed_from) if resumed_from else Progress()
    clock = Clock(config, progress, 1)
    batch = Batch(array(examples.source), array(examples.target), np.arange(len(examples.source.lengths)))
    for _ in range(updates):
        train_step(state, [batch], 0.01, config, progress, clock)
    return state, clock.report(None).nll


@pytest.mark.parametrize("world", WORLDS, ids=lambda w: f"{w.model}-{w.label}")
def test_two_threads_learn_what_one_learns(world: World, two_threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "LEAST_ROWS", 1)
    together, loss = trained(world, 2, optimizer="adam")
    assert together.team.size == 2
    monkeypatch.setattr(gradients, "LEAST_ROWS", 100)
    alone, expected = trained(world, 2, optimizer="adam")
    assert loss == pytest.approx(expected, rel=1e-4)
    for one, other in zip(together.module.parameters(), alone.module.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-4)


def test_with_dropout_two_runs_are_equal_to_the_bit(two_threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "LEAST_ROWS", 1)
    world = World("luong", "dropped", {"dropout": 0.5})
    first, again = (trained(world, 3, optimizer="muon")[0] for _ in range(2))
    assert_same(list(first.module.parameters()), list(again.module.parameters()), rtol=0, atol=0)


def test_a_resumed_run_goes_on_to_the_bit(two_threads: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gradients, "LEAST_ROWS", 1)
    world = World("luong", "dropped", {"dropout": 0.5})
    whole, _ = trained(world, 4, optimizer="muon")
    half, _ = trained(world, 2, optimizer="muon")
    half.save(tmp_path, Progress(update=2), best=False)
    torch.manual_seed(9)
    rest, _ = trained(world, 2, tmp_path, optimizer="muon")
    assert_same(list(rest.module.parameters()), list(whole.module.parameters()), rtol=0, atol=0)


def test_threads_are_as_before_and_work_is_divided(two_threads: None) -> None:
    def work(number: int) -> tuple[int, int, str]:
        return number, torch.get_num_threads(), threading.current_thread().name

    team, here = Team(2), threading.current_thread().name
    results = team.map(work, [1, 2, 3])
    assert [number for number, _, _ in results] == [1, 2, 3] and {threads for _, threads, _ in results} == {1}
    assert results[0][2] == here and here not in {name for _, _, name in results[1:]}
    assert torch.get_num_threads() == 2
    assert [threads for _, threads, _ in Team(1).map(work, [1, 2])] == [2, 2]


def test_a_mistake_in_any_part_is_raised(two_threads: None) -> None:
    def refuse(number: int) -> None:
        if number == 2:
            raise Mistake("what", "remedy")

    with pytest.raises(Mistake):
        Team(2).map(refuse, [1, 2])


@pytest.mark.parametrize("settings", [{"feeding": "scheduled"}, {"feeding": "free"}])
def test_choices_of_scheduled_sampling_stay_in_one_thread(settings: dict[str, Any], two_threads: None) -> None:
    model = World("luong", "plain", {}).build()
    assert gradients.team_size(TrainingConfig(**settings), model, CPU) == 1
