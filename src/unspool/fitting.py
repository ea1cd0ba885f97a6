"""A run that is ready, in its folder: written before its first update, trained, and measured at its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import nn

from unspool import folder as disk
from unspool.card import write_card
from unspool.data.corpus import Example
from unspool.data.inputs import Files
from unspool.data.spool import keep, kept_files
from unspool.errors import Mistake
from unspool.evaluator import Evaluated, Evaluator
from unspool.metrics.report import better
from unspool.ngrams.joint import JointNgram
from unspool.ngrams.joint_file import write_joint_ngram
from unspool.nn.stepper import TorchStepper
from unspool.predictor import Predictor
from unspool.rivals.rival import KnownPairs
from unspool.samples import samples_of
from unspool.setup.defaults import work_of
from unspool.setup.ready_run import ReadyRun, Tell
from unspool.setup.recommended import joint_ngram_may_help
from unspool.training.checkpoint import read_weights
from unspool.training.clock import Reserve
from unspool.training.interruption import Interruption
from unspool.training.learning_curve import draw_learning_curve
from unspool.training.loop import fit
from unspool.training.metrics_logger import MetricsLogger
from unspool.training.passes import FewPasses
from unspool.training.progress import Progress, Report, Sample
from unspool.training.validation import FreeRunning, HeldOutLoss

Show = Callable[[Report], None]
# Pairs whose counting takes more than a moment.
MANY_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder, its progress, and the metric that selected the best weights.

    figures: of the best weights on all validation sources, as `evaluate` measures them; None if they were not measured
    """

    folder: Path
    progress: Progress
    metric: str
    figures: dict[str, Any] | None = None

    def __repr__(self) -> str:
        """Where it is, how long it took, how good it became."""
        best = "no validation yet" if self.progress.best is None else f"best {self.metric} {self.progress.best:.2f}"
        return f"<run in {self.folder}: {self.progress.update:,} updates in {self.progress.seconds:.0f} s, {best}>"


def write_settings(out: Path, run: ReadyRun, files: Files) -> None:
    """Write run.json, and then the data that was given in memory."""
    kept = kept_files(files, out)
    disk.write_run(out, run.config, run.metadata.model_copy(update={"files": kept.to_json(out)}))
    keep(files, out)


def write_start(out: Path, run: ReadyRun, files: Files) -> Progress:
    """Write a run that has not made an update. run.json is first: with it, the run can be resumed."""
    progress = Progress()
    write_settings(out, run, files)
    disk.write_fields(out, *(field.to_json() for field in run.fields))
    run.state.save(out, progress, best=False)
    return progress


def train_on(
    out: Path, run: ReadyRun, progress: Progress, interruption: Interruption, on_report: Show, on_message: Tell,
    reserve: Reserve | None,
) -> Run:  # fmt: skip
    """The training loop, with a validation that decodes without teacher forcing, and a measurement of the result.

    With a reserve, the caller measures the result, and it is not measured here.
    """
    config, metric = run.config.training, run.metadata.metric
    disk.forget_calibration(out)  # it is that of other weights from now on
    names = list(dict.fromkeys([metric, *run.metadata.metrics]))

    def evaluate(model: nn.Module, examples: list[Example]) -> tuple[dict[str, Any], tuple[Sample, ...]]:
        predictor = _predictor(run, model)
        evaluated = Evaluator(predictor).evaluate(examples, metrics=names, beam=1, n_best=1, resamples=0)
        return evaluated.to_json(), samples_of(predictor, examples)

    loss = HeldOutLoss(run.prepared.held_out, config.validate_most, config.batch_symbols, run.state.device)
    validate = FreeRunning(run.prepared.examples, config.validate_most, metric, evaluate, loss)

    def show(report: Report) -> None:
        on_report(replace(report, unit=run.fields.target.unit))

    passes = FewPasses(bool(config.max_minutes), show, on_message)
    progress = fit(
        run.state, run.batches, validate, config, out, progress, interruption, passes, on_message, reserve,
        trained_before=run.metadata.start_from is not None,
    )  # fmt: skip
    passes.end(progress.epoch + progress.batch / len(run.batches))
    figures = None if reserve else _measure(out, run, progress, names, on_message)
    with suppress(OSError, ValueError, Mistake):  # only a picture: a full disk or a damaged log must not end a run
        draw_learning_curve(out, metric)
    with suppress(OSError, ValueError, Mistake):  # only a text
        write_card(out)
    return Run(out, progress, metric, figures)


def _measure(out: Path, run: ReadyRun, progress: Progress, names: list[str], on_message: Tell) -> dict[str, Any]:
    """The figures of the best weights on all validation sources, as `evaluate` measures them; they are logged.

    The same answers calibrate how sure the model may be of others.
    """
    best = run.state.average.model
    read_weights(out / disk.WEIGHTS, best, run.state.identity)
    predictor = _predictor(run, best.eval())
    evaluated = Evaluator(predictor).evaluate(run.prepared.examples, metrics=names, resamples=0)
    if _counts_pairs(run):
        evaluated = _with_joint_ngram(out, run, predictor, evaluated, on_message)
    else:
        _forget_joint_ngram(out)
    if confidence := evaluated.calibrate():
        disk.write_calibration(out, "confidence", confidence.to_json())
    figures = evaluated.to_json()
    with MetricsLogger(out, progress.update, on_message) as logger:
        logger.final(progress, figures)
    return figures


def _counts_pairs(run: ReadyRun) -> bool:
    """Whether a joint n-gram model of the pairs is made."""
    config, wanted = run.config, run.config.training.joint_ngram
    if wanted == "auto" and config.decoding.beam > 1 and not config.model.copies:
        return joint_ngram_may_help(work_of(config, run.prepared), made_up=config.data.hallucinate > 0)
    return wanted == "on"


def _with_joint_ngram(out: Path, run: ReadyRun, predictor: Predictor, alone: Evaluated, on_message: Tell) -> Evaluated:
    """The figures of the network with a joint n-gram model of the training pairs, which is kept if they are better."""
    metric = run.metadata.metric
    known = KnownPairs.of(run.fields, run.prepared.corpus)
    if len(known.sources) >= MANY_PAIRS:
        on_message(f"Counting a joint n-gram model of {len(known.sources):,} pairs …")
    predictor.joint = JointNgram.fit(known.sources, known.targets)
    both = Evaluator(predictor).evaluate(run.prepared.examples, metrics=[*alone.figures.estimates], resamples=0)
    before, after = (one.figures.estimates[metric].value for one in (alone, both))
    helps = better(metric) * (after - before) > 0
    said = (
        f"{metric.replace('_', ' ')} {after:.2f} on the validation data, instead of {before:.2f} by the network alone"
    )
    if not helps and run.config.training.joint_ngram == "auto":
        on_message(f"A joint n-gram model beside the network does not help: {said}. It is left out.")
        _forget_joint_ngram(out)
        return alone
    write_joint_ngram(out / disk.JOINT_NGRAM, predictor.joint)
    on_message(f"A joint n-gram model orders the answers of a beam: {said}.")
    return both


def _forget_joint_ngram(out: Path) -> None:
    """Remove what an earlier part of a resumed run kept."""
    (out / disk.JOINT_NGRAM).unlink(missing_ok=True)


def _predictor(run: ReadyRun, model: nn.Module) -> Predictor:
    stepper = TorchStepper(model, run.state.device)  # type: ignore[arg-type]
    return Predictor(run.config, run.metadata, run.fields, stepper)
