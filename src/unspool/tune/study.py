"""The study: all trials of a search, kept in a database that several processes may share. The door to Optuna.

Values are of the metric that selects the best weights, with a sign: higher is better.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from unspool.config.search import Choice, Space, Value
from unspool.errors import MissingExtra, Mistake

NAME = "unspool"
# A report's place in its trial, in parts of the whole: trials are compared at equal places.
PARTS = 10
# The first trials are never stopped early, nor is any in its first parts.
UNDISTURBED, FIRST_PARTS = 4, 3
# Seconds to wait for another process that writes to the database.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Best:
    """The best trial so far."""

    number: int
    figure: float
    metric: str
    params: dict[str, Value]


class Trial:
    """One trial: the settings to try, and a place for its reports."""

    def __init__(self, trial: Any, space: Space) -> None:
        self._trial, self._reported = trial, 0
        self.number: int = trial.number
        self.params: dict[str, Value] = {key: _suggested(trial, key, dimension) for key, dimension in space.items()}

    def report(self, value: float, done: float) -> bool:
        """Keep the value at this share of the trial; whether it is too bad to go on."""
        part = min(PARTS, int(done * PARTS))
        if part <= self._reported:
            return False
        for step in range(self._reported + 1, part + 1):
            self._trial.report(value, step)
        self._reported = part
        return part < PARTS and bool(self._trial.should_prune())


class Study:
    """Opens or begins a study; `about` is what its trials share, and another one's is refused."""

    def __init__(self, storage: str, space: Space, about: Mapping[str, Any], seed: int) -> None:
        try:
            import optuna
        except ImportError:
            raise MissingExtra("Searching settings", "tune") from None
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._states = optuna.trial.TrialState
        self._space, self._me = space, f"{socket.gethostname()}:{os.getpid()}"
        timeout = {"connect_args": {"timeout": PATIENCE}} if storage.startswith("sqlite") else {}
        try:
            database = optuna.storages.RDBStorage(storage, engine_kwargs=timeout)
            self._study = optuna.create_study(
                study_name=NAME, storage=database, direction="maximize", load_if_exists=True,
                # Another seed for each process: equal ones would propose the same trials.
                sampler=optuna.samplers.TPESampler(seed=(seed + os.getpid()) % 2**32, constant_liar=True),
                pruner=optuna.pruners.MedianPruner(UNDISTURBED, FIRST_PARTS),
            )  # fmt: skip
        except Exception as error:  # SQLAlchemy's and the database's own errors have no common class
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            what = f"The study at {storage} cannot be opened: {reason}."
            raise Mistake(what, "Give a file or a URL of SQLAlchemy: --storage study.db") from error
        self._agree(storage, dict(about))
        if not self._study.get_trials(deepcopy=False):
            self._study.enqueue_trial({key: dimension.start for key, dimension in space.items()}, skip_if_exists=True)

    def _agree(self, storage: str, about: dict[str, Any]) -> None:
        known = self._study.user_attrs
        for name, value in about.items():
            if known.get(name, value) != value:
                what = f"The study at {storage} has another {name}: {known[name]} there, {value} here."
                raise Mistake(what, "Give the same as before, or another --out.")
            if name not in known:
                self._study.set_user_attr(name, value)

    def ask(self) -> Trial:
        """The next trial; several processes get different ones."""
        trial = self._study.ask()
        trial.set_user_attr("process", self._me)
        return Trial(trial, self._space)

    def finish(self, trial: Trial, figure: float, direction: int, metric: str, *, early: bool) -> None:
        """Keep the result of a trial; early: it was stopped before its end."""
        trial._trial.set_user_attr("figure", figure)
        trial._trial.set_user_attr("metric", metric)
        if early:
            self._study.tell(trial._trial, state=self._states.PRUNED)
        else:
            self._study.tell(trial._trial, direction * figure)

    def fail(self, trial: Trial, reason: str, *, again: bool) -> None:
        """Mark a trial as failed; again: its settings are tried once more."""
        trial._trial.set_user_attr("reason", reason)
        self._study.tell(trial._trial, state=self._states.FAIL)
        if again:
            self._study.enqueue_trial(trial.params)

    def free_dead(self, longest: timedelta) -> int:
        """Put trials back whose process has died, or that run longer than any can; returns how many."""
        dead = [trial for trial in self._in(self._states.RUNNING) if self._is_dead(trial, longest)]
        for trial in dead:
            self._study.tell(trial.number, state=self._states.FAIL)
            if trial.params:
                self._study.enqueue_trial(trial.params)
        return len(dead)

    def _is_dead(self, trial: Any, longest: timedelta) -> bool:
        host, _, process = trial.user_attrs.get("process", ":").rpartition(":")
        if host == socket.gethostname() and process.isdecimal():
            return not _alive(int(process))
        return trial.datetime_start is not None and datetime.now() - trial.datetime_start > longest

    @property
    def tried(self) -> int:
        """Trials that have ended by themselves."""
        failed = [trial for trial in self._in(self._states.FAIL) if "reason" in trial.user_attrs]
        again = [trial for trial in failed if trial.user_attrs["reason"] == INTERRUPTED]
        return len(self._in(self._states.COMPLETE, self._states.PRUNED)) + len(failed) - len(again)

    @property
    def running(self) -> int:
        """Trials that run now, in any process."""
        return len(self._in(self._states.RUNNING))

    @property
    def stopped_early(self) -> int:
        """Trials that were stopped before their end."""
        return len(self._in(self._states.PRUNED))

    @property
    def best(self) -> Best | None:
        """The best trial that reached its end."""
        done = self._in(self._states.COMPLETE)
        if not done:
            return None
        trial = max(done, key=lambda one: one.value)
        return Best(trial.number, trial.user_attrs["figure"], trial.user_attrs["metric"], trial.params)

    def _in(self, *states: Any) -> list[Any]:
        return list(self._study.get_trials(deepcopy=False, states=states))


INTERRUPTED = "interrupted"


def url_of(storage: str | None, out: Path) -> str:
    """The database's address: a file, or a URL as it is; default: study.db in the folder."""
    if storage and "://" in storage:
        return storage
    path = Path(storage) if storage else out / "study.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path.absolute()}"


def _suggested(trial: Any, key: str, dimension: Any) -> Value:
    if isinstance(dimension, Choice):
        value: Value = trial.suggest_categorical(key, dimension.values)
        return value
    number: float = trial.suggest_float(key, dimension.low, dimension.high, log=dimension.log)
    return number


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
