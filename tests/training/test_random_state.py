"""A run's random numbers are its own, and those of the program around it stay as they were."""

from __future__ import annotations

import threading

import pytest
import torch

from unspool.training.random_state import RandomState

CPU = torch.device("cpu")


def draws(seed: int, times: int) -> list[float]:
    random, found = RandomState(CPU, seed), []
    for _ in range(times):
        with random.drawing():
            found.append(float(torch.randn(())))
    return found


def test_they_are_those_of_the_seed_and_the_process_is_not_disturbed() -> None:
    torch.manual_seed(7)
    expected = [float(torch.randn(())) for _ in range(5)]
    torch.manual_seed(3)
    before = torch.get_rng_state()
    assert draws(7, 5) == expected
    assert torch.equal(torch.get_rng_state(), before)


def test_runs_in_threads_do_not_mix() -> None:
    found: dict[int, list[float]] = {}
    threads = [threading.Thread(target=lambda seed: found.update({seed: draws(seed, 200)}), args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {seed: draws(seed, 200) for seed in (1, 2)}


def test_what_is_restored_goes_on_and_what_is_damaged_is_refused() -> None:
    random = RandomState(CPU, 1)
    states = {name: state.clone() for name, state in random.states.items()}
    with random.drawing():
        first = torch.randn(3)
    random.restore(states)
    with random.drawing():
        assert torch.equal(torch.randn(3), first)
    with pytest.raises(ValueError, match="random"):
        random.restore({"cpu": states["cpu"][:10]})
    with pytest.raises(KeyError):
        random.restore({})


def test_a_gpu_of_its_own_is_asked_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """There may be no GPU here, so the two functions are replaced."""
    states = {"cuda:0": torch.zeros(16, dtype=torch.uint8), "cuda:1": torch.ones(16, dtype=torch.uint8)}
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda device: states[str(device)].clone())
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda state, device: states.update({str(device): state}))
    random = RandomState(torch.device("cuda:1"))
    assert random.states["cuda"].tolist() == [1] * 16
    random.restore(random.states | {"cuda": torch.full((16,), 5, dtype=torch.uint8)})
    with random.drawing():
        assert states["cuda:1"].tolist() == [5] * 16 and states["cuda:0"].tolist() == [0] * 16
    assert states["cuda:1"].tolist() == [1] * 16
