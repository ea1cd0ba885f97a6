"""`yoyodyne fit` with a line for every few updates: python yoyodyne_train.py CONFIGURATION."""

from __future__ import annotations

import sys
from typing import Any

from lightning.pytorch.callbacks import Callback


class Telling(Callback):
    """Prints the number of target symbols since the last line, END included, and their mean loss."""

    def __init__(self, every: int = 10) -> None:
        self.every, self.symbols, self.losses = every, 0, []

    def on_train_batch_end(self, trainer: Any, model: Any, outputs: Any, batch: Any, number: int) -> None:
        """Count, and print a line from time to time."""
        self.symbols += int((~batch.target.mask).sum())
        self.losses.append(float(outputs["loss"]))
        if trainer.global_step % self.every == 0:
            loss = sum(self.losses) / len(self.losses)
            print(f"\nupdate {trainer.global_step} symbols {self.symbols / self.every} nll {loss:.4f}", flush=True)
            self.symbols, self.losses = 0, []


if __name__ == "__main__":
    from yoyodyne.cli.main import python_interface

    python_interface(["fit", "--config", sys.argv[1]])
