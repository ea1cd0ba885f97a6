"""The training loop; read it from top to bottom.

A `TrainState` is trained on the batches of a `BatchSampler`, and `Progress` records how far it is. Nothing else has a
state, so a checkpoint of these two is enough for an exact resume.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from unspool.config import TrainingConfig
from unspool.errors import Mistake, memory_for
from unspool.folder import WEIGHTS
from unspool.nn.dropout import drawing_from
from unspool.nn.stepper import to_torch
from unspool.storage.previous import forget
from unspool.training.batch_sampler import BatchSampler
from unspool.training.clock import Clock, Reserve
from unspool.training.gradients import Share
from unspool.training.interruption import Interrupted, Interruption
from unspool.training.metrics_logger import MetricsLogger
from unspool.training.objectives import likelihood
from unspool.training.optimizer import set_rate
from unspool.training.progress import Progress, Report, Validation
from unspool.training.scheduled_sampling import teacher_forcing_ratio
from unspool.training.train_state import TrainState
from unspool.types import Batch

SMALLER = "Start it again with smaller batches, and as many more of them for an update (training.accumulate)."


def fit(
    state: TrainState,
    sampler: BatchSampler,
    validate: Callable[[nn.Module], Validation],
    config: TrainingConfig,
    folder: Path,
    progress: Progress,
    interruption: Interruption,
    on_report: Callable[[Report], None],
    on_message: Callable[[str], None],
    reserve: Reserve | None = None,
    *,
    trained_before: bool = False,
) -> Progress:
    """Train until the limit of epochs, updates, minutes or patience is reached.

    The best weights are written to `folder/model.safetensors`, checkpoints to `folder/checkpoints`, and every report to
    `folder/metrics.jsonl`. The first best weights replace the model that the folder held before. Raises `Interrupted`
    after saving a checkpoint if `interruption` is asked for, and `Mistake` if the loss is no longer a number.

    reserve: keeps a part of `max_minutes` free of training, see `Clock`
    trained_before: the weights are those of another run; if training makes nothing better of them, they stay
    """
    clock = Clock(config, progress, len(sampler), reserve)
    with MetricsLogger(folder, progress.update, on_message) as logger:
        if trained_before and not progress.update:
            first = validate(state.average.model)
            update_best(first, progress, config)
            keep_best(state, folder)
            on_message(f"Before the first update: {first.metric.replace('_', ' ')} {first.value:.2f}.")
        while not progress.finished:
            group = sampler.take(progress, config.accumulate)
            with memory_for(f"an update with training.batch_symbols={config.batch_symbols}", SMALLER):
                train_step(state, group, clock.rate, config, progress, clock)
            # Each is asked once, since time goes on and a signal may come at any moment.
            stop, due, validation = interruption.asked, clock.validation_due, None
            save = stop or due or clock.checkpoint_due
            if save:
                # Broken weights must not replace the saved ones.
                refuse_broken(state.is_finite(), config, progress)
            if due:
                begun = time.monotonic()
                validation = validate(state.average.model)
                clock.validated(time.monotonic() - begun)
                update_best(validation, progress, config)
                progress.finished = clock.over
                if progress.patience == 0:
                    keep_best(state, folder)
            report = clock.report(validation) if validation or clock.report_due else None
            if report:
                logger.write(report)
            if save:
                progress.seconds = clock.seconds
                state.save(folder, progress, best=validation is not None and progress.patience == 0)
                clock.saved()
            if report:
                on_report(report)
            if stop and not progress.finished:
                raise Interrupted(progress.update)
    return progress


def keep_best(state: TrainState, folder: Path) -> None:
    """Write the best weights so far, which replace the model that the folder held before."""
    state.save_weights(folder / WEIGHTS)
    forget(folder)


def train_step(
    state: TrainState, group: list[Batch], rate: float, config: TrainingConfig, progress: Progress, clock: Clock
) -> None:
    """One update from a group of batches: the mean loss over all their target symbols."""
    begun = time.perf_counter()
    symbols = sum(int(batch.target.lengths.sum()) for batch in group if batch.target)
    state.optimizer.zero_grad()
    nll = torch.zeros((), device=state.device)
    ratio, drawn = teacher_forcing_ratio(config, progress.update), config.choice == "drawn"

    def backpropagate(part: Share) -> torch.Tensor:
        assert part.batch.target is not None
        source, target = (to_torch(side, state.device) for side in (part.batch.source, part.batch.target))
        drawing = drawing_from(part.generator) if part.generator else state.random.drawing()
        with drawing, state.autocast():
            loss = likelihood(
                part.model, source, target, config.label_smoothing, ratio,
                drawn=drawn, coverage=config.coverage_loss, class_weights=state.class_weights,
            )  # fmt: skip
        (loss.smoothed / symbols).backward()  # type: ignore[no-untyped-call]
        return loss.nll

    for batch in group:
        with state.random.drawing():
            parts = state.replicas.parts(batch)
        nll += torch.stack(state.team.map(backpropagate, parts)).sum()
        state.replicas.gather(parts)
    norm = clip(state.module, config.clip_norm)
    refuse_broken(bool(torch.isfinite(norm + nll)), config, progress)
    set_rate(state.optimizer, rate)
    with state.autocast():
        state.optimizer.step()
    progress.update += 1
    state.average.update(progress.update)
    clock.count(symbols, float(nll), time.perf_counter() - begun)


def clip(model: nn.Module, most: float | None) -> torch.Tensor:
    """Scale the gradient down to this norm if it is longer; returns the norm before (Pascanu et al. 2013)."""
    norm = nn.utils.get_total_norm([each.grad for each in model.parameters() if each.grad is not None])
    if most and norm > most:  # PyTorch's own function would also multiply shorter ones, by 1
        nn.utils.clip_grads_with_norm_(model.parameters(), most, norm)
    return norm


def refuse_broken(finite: bool, config: TrainingConfig, progress: Progress) -> None:
    """Raise a `Mistake` if loss or weights are no longer numbers."""
    if not finite:
        raise Mistake(
            f"The loss is no longer a number after update {progress.update:,}; the last good checkpoint is kept.",
            "Continue from there with a lower rate: unspool train --resume --out DIR "
            f"--set training.learning_rate={config.learning_rate / 3:.2g}",
        )


def update_best(validation: Validation, progress: Progress, config: TrainingConfig) -> None:
    """Update the best value, and count validations without a new best for patience and the plateau schedule."""
    better = progress.best is None or validation.direction * (validation.value - progress.best) > 0
    progress.patience = 0 if better else progress.patience + 1
    if better:
        progress.best = validation.value
    elif progress.patience % (config.plateau_patience + 1) == 0:
        progress.plateau *= config.plateau_factor
