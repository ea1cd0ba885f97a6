"""A model with the state that training adds: the mean of its weights, an optimizer, a precision."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from unspool.config import TrainingConfig
from unspool.folder import BEST, LAST
from unspool.nn.stepper import to_torch
from unspool.training import precision
from unspool.training.averaging import Average
from unspool.training.checkpoint import copy_checkpoint, read_checkpoint, write_checkpoint, write_weights
from unspool.training.gradients import Replicas, team_size
from unspool.training.objectives import teacher_forcing
from unspool.training.optimizer import optimizer_of
from unspool.training.progress import Progress
from unspool.training.random_state import RandomState
from unspool.training.team import Team
from unspool.types import Array, Batch, Seq2Seq


class TrainState:
    """A model in training.

    random:   where the run's random numbers go on; None: where the process's do
    identity: stored with the weights; run: the run's name, stored with checkpoints. So files cannot be mixed up.
    class_weights: the weight of each target id in the loss; None: all are 1
    """

    def __init__(
        self, model: Seq2Seq, config: TrainingConfig, device: torch.device, random: RandomState | None = None,
        identity: str = "", run: str | None = None, class_weights: Array | None = None,
    ) -> None:  # fmt: skip
        assert isinstance(model, nn.Module)
        self.identity, self.run, self.config = identity, run, config
        self.random = random or RandomState(device)
        self.class_weights = None if class_weights is None else torch.from_numpy(class_weights).to(device)
        self.model, self.module, self.device = model, model.to(device), device
        self.average = Average(self.module, config.averaging)
        self.team = Team(team_size(config, self.module, device))
        self.replicas = Replicas(model, self.team)
        self.optimizer = optimizer_of(self.module, config, self.team)
        self.precision = precision.resolve(config.precision, device)

    def autocast(self) -> torch.autocast:
        """The context in which losses and updates are computed."""
        return precision.autocast(self.precision, self.device)

    def check_precision(self, batch: Batch) -> str | None:
        """Use float32 if the loss of one batch in bfloat16 differs; returns a message in that case.

        No random number is drawn and no weight changes, so a resumed run decides like its first part.
        """
        if self.config.precision != "auto" or self.precision == "fp32":
            return None
        assert batch.target is not None
        source, target = to_torch(batch.source, self.device), to_torch(batch.target, self.device)
        self.module.eval()
        agree = precision.agrees(lambda: float(teacher_forcing(self.model, source, target, 0.0).nll), self.device)
        self.module.train()
        if agree:
            return None
        self.precision = "fp32"
        return "The losses in bfloat16 and float32 differ on this machine: training in float32."

    def save(self, folder: Path, progress: Progress, *, best: bool) -> None:
        """Write an exact checkpoint of the run in this folder, and a copy of it if it is the best so far."""
        write_checkpoint(
            folder / LAST, self.module, self.average.model, self.optimizer, self.random, progress, self.run
        )
        if best:
            copy_checkpoint(folder / LAST, folder / BEST)

    def save_weights(self, path: Path) -> None:
        """Write the mean of the weights, which is the trained model."""
        write_weights(path, self.average.model, self.identity)

    def is_finite(self) -> bool:
        """Whether all weights are numbers."""
        return all(bool(torch.isfinite(parameter).all()) for parameter in self.module.parameters())

    def resume(self, folder: Path) -> Progress:
        """Load the last checkpoint of the run in this folder."""
        return read_checkpoint(folder / LAST, self.module, self.average.model, self.optimizer, self.random, self.run)
