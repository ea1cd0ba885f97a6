"""A study is kept in a file, shared by processes, and goes on after one of them was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from unspool.config.run import model_settings, resolve
from unspool.config.search import Choice, Range, space_of
from unspool.errors import Mistake
from unspool.tune.study import Study, url_of

SPACE = {
    "model.size": Choice((16, 32, 64), start=32),
    "training.learning_rate": Range(1e-4, 1e-1, start=1e-2, log=True),
}
LONG = timedelta(hours=1)


def opened(folder: Path, **about: Any) -> Study:
    return Study(url_of(None, folder), SPACE, {"model": "luong"} | about, seed=1)


@pytest.mark.parametrize("name", model_settings())
def test_every_model_has_a_space_and_all_of_it_is_valid(name: str) -> None:
    space = space_of(name)
    assert 5 <= len(space) <= 9
    for key, dimension in space.items():
        section, _, setting = key.partition(".")
        ends = (dimension.low, dimension.high) if isinstance(dimension, Range) else dimension.values
        values = [*ends, dimension.start]
        assert dimension.start in values[:-1] or values[0] < dimension.start < values[1]
        for value in values:
            given: dict[str, Any] = {"model": {"name": name}}
            given.setdefault(section, {})[setting] = value
            assert resolve(given)


def test_the_first_trial_is_the_start_and_the_best_is_kept_in_the_file(tmp_path: Path) -> None:
    study = opened(tmp_path)
    first, second = study.ask(), study.ask()
    assert first.params == {key: dimension.start for key, dimension in SPACE.items()}
    assert study.running == 2 and study.tried == 0 and study.best is None
    study.finish(first, 8.5, -1, "symbol_error_rate", early=False)
    study.finish(second, 9.5, -1, "symbol_error_rate", early=False)
    again = opened(tmp_path)
    assert again.tried == 2 and again.running == 0
    assert again.best is not None and (again.best.number, again.best.figure) == (0, 8.5)
    assert again.best.params == first.params and again.best.metric == "symbol_error_rate"


def test_two_processes_get_different_trials(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    assert [one.ask().number, other.ask().number, one.ask().number] == [0, 1, 2]
    assert one.running == other.running == 3


def test_a_study_of_something_else_is_refused(tmp_path: Path) -> None:
    opened(tmp_path)
    with pytest.raises(Mistake, match="another model: luong there, gnmt here"):
        opened(tmp_path, model="gnmt")


@pytest.mark.parametrize("storage", ["no such thing://x", "sqlite:////nowhere/at/all.db"])
def test_a_place_that_is_none_is_a_mistake(storage: str) -> None:
    with pytest.raises(Mistake, match="cannot be opened"):
        Study(storage, SPACE, {}, seed=1)


def test_trials_far_below_the_others_end_early(tmp_path: Path) -> None:
    study = opened(tmp_path)
    for number in range(4):
        trial = study.ask()
        assert not any(trial.report(50 + number, done / 10) for done in range(1, 11))
        study.finish(trial, 50 + number, 1, "exact_match", early=False)
    bad = study.ask()
    stopped = [done for done in range(1, 11) if bad.report(10, done / 10)]
    assert stopped[0] == 3 and 10 not in stopped
    study.finish(bad, 10, 1, "exact_match", early=True)
    assert study.stopped_early == 1 and study.tried == 5
    good = study.ask()
    assert not any(good.report(60, done / 10) for done in range(1, 11))


def test_a_trial_whose_process_was_killed_begins_anew_with_its_settings(tmp_path: Path) -> None:
    code = (
        "import os, sys; sys.path[:0] = sys.argv[2:]; from tune.test_study import opened; from pathlib import Path; "
        "opened(Path(sys.argv[1])).ask(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parents[1])], env=os.environ)
    study = opened(tmp_path)
    assert study.running == 1 and study.free_dead(LONG) == 1
    assert study.running == 0 and study.tried == 0
    assert study.ask().params == {key: dimension.start for key, dimension in SPACE.items()}
    assert study.free_dead(LONG) == 0  # ours, and alive


def test_an_interrupted_trial_is_tried_again_and_a_failed_one_is_not(tmp_path: Path) -> None:
    study = opened(tmp_path)
    first = study.ask()
    study.fail(first, "interrupted", again=True)
    assert study.tried == 0 and study.ask().params == first.params
    study.fail(study.ask(), "the loss is no number", again=False)
    assert study.tried == 1
