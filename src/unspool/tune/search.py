"""A search: trial after trial, until there are as many as wanted."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from unspool import folder as disk
from unspool import runs
from unspool.config.run import model_settings, resolve
from unspool.config.search import Space, space_of
from unspool.config.values import assign
from unspool.data.fingerprint import fingerprint
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.training.progress import Report
from unspool.tune.study import INTERRUPTED, Best, Study, Trial

# A trial of another machine that has run this many times its minutes, and ten more, has died.
TIMES, MORE = 3, 10
TRIALS = "trials"


class TrialScreen(Protocol):
    """Shows the progress of a search."""

    def begin(self, trial: Trial, of: int) -> None:
        """A trial begins."""
        ...

    def report(self, report: Report) -> None:
        """A report of its training."""
        ...

    def end(self, trial: Trial, what: str, best: Best | None) -> None:
        """It has ended."""
        ...


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched.

    values:  plain values of settings that all trials share; a setting among them is not searched
    minutes: the time limit of each trial
    trials:  how many there are to be
    """

    files: Files
    values: dict[str, Any]
    minutes: float
    trials: int
    out: Path

    @property
    def model(self) -> str:
        """The model's name."""
        return resolve(self.values).model.name

    @property
    def space(self) -> Space:
        """What is tried: the model's space without the settings that are given."""
        spelled = model_settings()[self.model].widths
        sections = {name: inner for name, inner in self.values.items() if isinstance(inner, dict)}
        given = {f"{name}.{key}" for name, inner in sections.items() for key in inner}
        given |= {"model.size"} if any(f"model.{width}" in given for width in spelled) else set()
        return {key: dimension for key, dimension in space_of(self.model).items() if key not in given}

    def about(self) -> dict[str, Any]:
        """What makes trials comparable."""
        shared = resolve(self.values).model_dump(mode="json", exclude_unset=True, exclude={"device", "threads"})
        data = fingerprint(self.files.paths())
        return {"model": self.model, "data": data, "minutes": self.minutes, "settings": shared}


class _Hopeless(Exception):
    """The trial is worse than most were at this place."""


def search(work: Search, study: Study, screen: TrialScreen, on_message: Callable[[str], None]) -> Best | None:
    """Run trials until the study has as many as wanted; other processes may do the same."""
    if not work.space:
        raise Mistake("Every setting that could be tried is given.", "Leave one out: model.dropout, for example.")
    if dead := study.free_dead(timedelta(minutes=TIMES * work.minutes + MORE)):
        on_message(f"Trials that were not finished, and begin anew: {dead}.")
    while study.tried + study.running < work.trials:
        _run(study.ask(), work, study, screen)
    return study.best


def _run(trial: Trial, work: Search, study: Study, screen: TrialScreen) -> None:
    folder = work.out / TRIALS / f"{trial.number:04}"
    values, last = _values(trial, work), None

    def on_report(report: Report) -> None:
        nonlocal last
        screen.report(report)
        if found := report.validation:
            last = found
            if trial.report(found.direction * found.value, report.done):
                raise _Hopeless

    screen.begin(trial, work.trials)
    try:
        run = runs.begin(
            work.files, folder, values, overwrite=True, on_report=on_report, on_message=lambda message: None
        )
    except _Hopeless:
        assert last is not None
        study.finish(trial, last.value, last.direction, last.metric, early=True)
        what = f"{_shown(last.metric, last.value)}, stopped early"
    except Mistake as mistake:
        study.fail(trial, str(mistake), again=False)
        if last is None and study.best is None:
            raise  # nothing was learned: all other trials would end like this
        what = f"failed: {mistake.what}"
    except BaseException as error:
        study.fail(trial, INTERRUPTED, again=True)
        raise error
    else:
        assert run.progress.best is not None and last is not None
        study.finish(trial, run.progress.best, last.direction, run.metric, early=False)
        what = _shown(run.metric, run.progress.best)
    shutil.rmtree(folder / disk.CHECKPOINTS, ignore_errors=True)  # several times the model's size, and not needed
    screen.end(trial, what, study.best)


def _values(trial: Trial, work: Search) -> dict[str, Any]:
    values = tried(work, trial.params)
    assign(values, f"training.max_minutes={work.minutes}")
    assign(values, "training.joint_ngram=off")  # trials are compared by their networks
    return values


def tried(work: Search, params: dict[str, Any]) -> dict[str, Any]:
    """The values that all trials share, with those of one trial."""
    values: dict[str, Any] = copy.deepcopy(work.values)
    for key, value in params.items():
        section, _, name = key.partition(".")
        inner = values.setdefault(section, {})
        values[section] = ({"name": inner} if isinstance(inner, str) else inner) | {name: value}
    return values


def _shown(metric: str, figure: float) -> str:
    return f"{metric.replace('_', ' ')} {figure:.2f}"
