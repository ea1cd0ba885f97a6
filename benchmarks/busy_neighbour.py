"""Training while one other program is busy, for different times that threads spin before they sleep."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator

ROUNDS, BATCH, LENGTH = 10, 256, 8
NEIGHBOUR = "while True: pass"
# Values of the environment variable; None is the library's default (about 300,000 turns).
POLICIES = ({}, {"GOMP_SPINCOUNT": "50000"}, {"GOMP_SPINCOUNT": "5000"}, {"OMP_WAIT_POLICY": "PASSIVE"})


@contextlib.contextmanager
def neighbour(busy: bool) -> Iterator[None]:
    """Another program that uses a CPU core, or none."""
    process = subprocess.Popen([sys.executable, "-c", NEIGHBOUR]) if busy else None
    try:
        yield
    finally:
        if process:
            process.kill()
            process.wait()


def train() -> None:
    """Some updates of the default model on random symbols; prints target symbols a second."""
    import torch

    from unspool.config import TrainingConfig, resolve
    from unspool.models import registry
    from unspool.training.objectives import teacher_forcing
    from unspool.training.train_state import TrainState
    from unspool.types import Dimensions, Sequences, Symbols

    torch.manual_seed(0)
    model = registry.build(resolve({"model": "luong"}).model, Dimensions(Symbols(32), Symbols(43)))
    state = TrainState(model, TrainingConfig(), torch.device("cpu"))
    symbols = Sequences(torch.randint(4, 32, (BATCH, LENGTH)), torch.full((BATCH,), LENGTH))
    for round_ in range(ROUNDS + 3):
        if round_ == 3:
            begun = time.perf_counter()
        state.optimizer.zero_grad()
        with state.autocast():
            loss = teacher_forcing(state.model, symbols, symbols, 0.1)
        loss.smoothed.backward()
        state.optimizer.step()
    print(f"{ROUNDS * BATCH * LENGTH / (time.perf_counter() - begun):,.0f}")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    for policy in POLICIES:
        name = " ".join(f"{key}={value}" for key, value in policy.items()) or "as the library has it"
        speeds = []
        for busy in (False, True):
            with neighbour(busy):
                command = [sys.executable, __file__, "train"]
                done = subprocess.run(command, env=os.environ | policy, stdout=subprocess.PIPE, text=True, check=True)
            speeds.append(done.stdout.strip())
        print(f"{name:<24} alone {speeds[0]:>7} symbols/s, beside a busy program {speeds[1]:>7}", flush=True)


if __name__ == "__main__":
    train() if sys.argv[1:] == ["train"] else main()
