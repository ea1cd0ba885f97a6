"""The random numbers of a run.

Dropout and its like draw from PyTorch's own generators, which a process has once. A run puts its own state into them
while it draws, and takes it out afterwards. So runs in several threads do not disturb each other, nor the program
around them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

_LOCK = threading.Lock()


class RandomState:
    """The states of the generators of the CPU and of the run's own GPU, after `seed` or as the process has them."""

    def __init__(self, device: torch.device, seed: int | None = None) -> None:
        self.device = device
        self.states = self._current()
        if seed is not None:
            for name in self.states:
                generator = torch.Generator("cpu" if name == "cpu" else device)
                self.states[name] = generator.manual_seed(seed).get_state()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """In this context, PyTorch draws this run's numbers; only one run of the process is in it."""
        with _LOCK:
            before = self._current()
            self._put(self.states)
            try:
                yield
            finally:
                self.states = self._current()
                self._put(before)

    def restore(self, states: dict[str, Tensor]) -> None:
        """Go on with these states, of a checkpoint; those of another kind of device do not count."""
        with _LOCK:
            before = self._current()
            try:
                self._put({"cpu": states["cpu"]} | states)
                self.states = self._current()
            except RuntimeError as error:
                raise ValueError(f"random: {error}") from None
            finally:
                self._put(before)

    def _current(self) -> dict[str, Tensor]:
        states = {"cpu": torch.get_rng_state()}
        return states | ({"cuda": torch.cuda.get_rng_state(self.device)} if self.device.type == "cuda" else {})

    def _put(self, states: dict[str, Tensor]) -> None:
        torch.set_rng_state(states["cpu"])
        if "cuda" in states and self.device.type == "cuda":
            torch.cuda.set_rng_state(states["cuda"], self.device)
