"""The training loop: read it top to bottom.

What learns is a `Trainee`, what it learns from are `Lessons`, where it stands is a `Progress`. Nothing else remembers
anything, so a checkpoint of trainee and progress is an exact resume.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from unspool.config import TrainingConfig
from unspool.errors import Mistake
from unspool.folder import CHECKPOINTS, WEIGHTS
from unspool.nn.stepper import to_torch
from unspool.training.interruption import Interrupted, Interruption
from unspool.training.journal import Journal
from unspool.training.lessons import Lessons
from unspool.training.objectives import likelihood
from unspool.training.optimizer import set_rate
from unspool.training.pace import Pace
from unspool.training.progress import Progress, Report, Validation
from unspool.training.scheduled_sampling import truth_share
from unspool.training.trainee import Trainee
from unspool.types import Batch


def fit(
    trainee: Trainee,
    lessons: Lessons,
    validate: Callable[[nn.Module], Validation],
    config: TrainingConfig,
    folder: Path,
    progress: Progress,
    on_report: Callable[[Report], None],
) -> Progress:
    """Train until the epochs, the updates, the minutes or the patience run out.

    The best weights end up in `folder/model.safetensors`, checkpoints in `folder/checkpoints`, and every report in
    `folder/metrics.jsonl`. Raises `Interrupted` behind a saved checkpoint when the process is asked to stop, and
    `Mistake` when the loss is no longer a number.
    """
    pace = Pace(config, progress, len(lessons))
    with Journal(folder, progress.lines) as journal, Interruption() as interruption:
        while not progress.finished:
            group = lessons.take(progress, config.accumulate)
            learn(trainee, group, pace.rate, config, progress, pace)
            validation = None
            if pace.validation_due or pace.checkpoint_due or interruption.asked:
                # Weights that broke must not replace those that are kept.
                refuse_broken(trainee.is_finite(), config, progress)
            if pace.validation_due:
                validation = validate(trainee.average.model)
                judge(validation, progress, config)
                progress.finished = pace.over
                if progress.patience == 0:
                    trainee.save_weights(folder / WEIGHTS)
            if validation or pace.report_due:
                report = pace.report(validation)
                journal.write(report)
                on_report(report)
            if validation or pace.checkpoint_due or interruption.asked:
                progress.seconds, progress.lines = pace.seconds, journal.lines
                trainee.save(folder / CHECKPOINTS, progress, best=validation is not None and progress.patience == 0)
                pace.saved()
            if interruption.asked and not progress.finished:
                raise Interrupted(progress.update)
    return progress


def learn(
    trainee: Trainee, group: list[Batch], rate: float, config: TrainingConfig, progress: Progress, pace: Pace
) -> None:
    """One update from a group of batches: the mean loss over all their target symbols."""
    begun = time.perf_counter()
    symbols = sum(int(batch.target.lengths.sum()) for batch in group if batch.target)
    trainee.optimizer.zero_grad()
    nll = torch.zeros((), device=trainee.device)
    share, drawn = truth_share(config, progress.update), config.choice == "drawn"
    for batch in group:
        assert batch.target is not None
        source, target = to_torch(batch.source, trainee.device), to_torch(batch.target, trainee.device)
        with trainee.autocast():
            loss = likelihood(
                trainee.model, source, target, config.label_smoothing, share, drawn=drawn, coverage=config.coverage_loss
            )
        (loss.smoothed / symbols).backward()  # type: ignore[no-untyped-call]
        nll += loss.nll
    norm = clip(trainee.module, config.clip_norm)
    refuse_broken(bool(torch.isfinite(norm + nll)), config, progress)
    set_rate(trainee.optimizer, rate)
    with trainee.autocast():
        trainee.optimizer.step()
    progress.update += 1
    trainee.average.update(progress.update)
    pace.count(symbols, float(nll), time.perf_counter() - begun)


def clip(model: nn.Module, most: float | None) -> torch.Tensor:
    """Shorten the gradient to this norm if it is longer; returns what it was (Pascanu et al. 2013)."""
    norm = nn.utils.get_total_norm([each.grad for each in model.parameters() if each.grad is not None])
    if most and norm > most:  # the library's own would multiply a shorter one, too, by 1
        nn.utils.clip_grads_with_norm_(model.parameters(), most, norm)
    return norm


def refuse_broken(finite: bool, config: TrainingConfig, progress: Progress) -> None:
    """Stop where loss or weights are no longer numbers."""
    if not finite:
        raise Mistake(
            f"The loss is no longer a number behind update {progress.update:,}; the last good checkpoint is kept.",
            "Go on from there with a lower rate: unspool train --resume --out DIR "
            f"--set training.learning_rate={config.learning_rate / 3:.2g}",
        )


def judge(validation: Validation, progress: Progress, config: TrainingConfig) -> None:
    """Is it the best so far? Patience and the plateau schedule count the validations that were not."""
    better = progress.best is None or validation.direction * (validation.value - progress.best) > 0
    progress.patience = 0 if better else progress.patience + 1
    if better:
        progress.best = validation.value
    elif progress.patience % (config.plateau_patience + 1) == 0:
        progress.plateau *= config.plateau_factor
