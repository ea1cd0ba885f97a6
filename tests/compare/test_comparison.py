"""A whole comparison on made-up words: run, killed, resumed, failed, refused, reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keyboard import Shell
from unspool import runs
from unspool.compare import loop, network_run
from unspool.compare.budget import Budget
from unspool.compare.comparison import Comparison
from unspool.compare.run_result import RunResult
from unspool.compare.shared_data import SharedData, share_data
from unspool.data.inputs import Files
from unspool.errors import Mistake

TINY: dict[str, Any] = {
    "model": {"size": 16},
    "training": {"max_updates": 12, "validate_every": 4, "precision": "fp32", "warmup_updates": 2},
}
FLAGS = [
    word
    for setting in ("model.size=16", "training.max_updates=12", "training.precision=fp32")
    for word in ("--set", setting)
]


class Recorder:
    """A screen that remembers, and that can stop everything in the middle of a run."""

    def __init__(self, stop_at: str = "") -> None:
        self.stop_at, self.begun, self.ended = stop_at, list[str](), list[RunResult]()

    def begin(self, system: str, seed: int) -> None:
        self.begun.append(f"{system}-{seed}")

    def report(self, system: str, seed: int, report: Any) -> None:
        if f"{system}-{seed}" == self.stop_at:
            raise KeyboardInterrupt

    def end(self, result: RunResult) -> None:
        self.ended.append(result)


@pytest.fixture
def comparison(pairs: Path, tmp_path: Path) -> Comparison:
    return Comparison(Files((pairs,)), tmp_path / "compared", ("luong", "transformer"), 1, 5.0, TINY)


@pytest.fixture
def data(comparison: Comparison) -> SharedData:
    return share_data(comparison)


def test_the_command_writes_all_and_keeps_what_is_finished(shell: Shell, pairs: Path, tmp_path: Path) -> None:
    out, files = tmp_path / "compared", (tmp_path / "t.md", tmp_path / "t.tex")
    words = ["compare", pairs, "--minutes", 5, "--out", out, *FLAGS]
    said = shell(*words, "--models", "luong,transformer", "--markdown", files[0], "--latex", files[1])
    assert said.code == 0, said
    assert said.out.startswith(("Yes, ", "No, ")) and "\x1b" not in said.err
    for name in ("luong", "transformer", "nearest neighbour", "joint n-gram model"):
        assert all(name in text for text in (said.out, *(file.read_text() for file in files)))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<main id="en" lang="en">' in page and '<main id="ko" lang="ko">' in page
    assert "http" not in page and "<script" not in page and page.count("<svg") == 2
    before = {path: path.stat().st_mtime_ns for path in (out / "results").iterdir()}
    again = shell(*words, "--models", "luong", "--seeds", 2)
    assert again.code == 0 and "luong, seed 2: begins" in again.err and "luong, seed 1: begins" not in again.err
    after = {path: path.stat().st_mtime_ns for path in (out / "results").iterdir()}
    assert before.items() <= after.items() and len(after) == len(before) + 1


def test_a_comparison_that_was_killed_goes_on(
    comparison: Comparison, data: SharedData, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        loop.run_all(comparison, data, Recorder("transformer-1"))
    resumed: list[Path] = []
    resume = runs.resume

    def note(out: Path, *others: Any, **options: Any) -> Any:
        resumed.append(out)
        return resume(out, *others, **options)

    monkeypatch.setattr(network_run.runs, "resume", note)
    screen = Recorder()
    results = loop.run_all(comparison, data, screen)
    assert screen.begun == ["transformer-1"] and [path.name for path in resumed] == ["transformer-1"]
    assert all(result.finished for result in results) and results[-1].updates == 12
    assert len({len(result.outcomes[data.metrics[0]]) for result in results}) == 1


def test_a_model_that_fails_does_not_stop_the_others(
    comparison: Comparison, data: SharedData, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = runs.begin

    def break_luong(files: Files, out: Path, *others: Any, **options: Any) -> Any:
        if out.name == "luong-1":
            raise RuntimeError("out of luck\nand more")
        return begin(files, out, *others, **options)

    monkeypatch.setattr(network_run.runs, "begin", break_luong)
    results = {result.system: result for result in loop.run_all(comparison, data, Recorder())}
    assert results["luong"].why == "RuntimeError: out of luck"
    assert results["transformer"].finished and results["transformer"].curve


def test_validation_and_test_share_nothing_and_all_runs_have_the_same(data: SharedData) -> None:
    held_out = data.prepared.examples
    tested = {example.source for example in data.test}
    assert data.validated + len(tested) == len(held_out) == 20
    validated = {held_out[number].source for number in range(0, 20, 2)}
    assert not tested & validated


def test_models_of_other_tasks_are_refused_with_those_that_fit(pairs: Path, tmp_path: Path) -> None:
    comparison = Comparison(Files((pairs,)), tmp_path / "out", ("luong", "classifier"), 1, 1.0, {})
    with pytest.raises(Mistake, match=r"cannot be compared.*bahdanau.*transformer") as mistake:
        share_data(comparison)
    assert "classifier" not in mistake.value.remedy
    with pytest.raises(Mistake, match="Did you mean 'luong'"):
        share_data(Comparison(Files((pairs,)), tmp_path / "out", ("loung",), 1, 1.0, {}))


def test_documents_and_texts_with_labels_are_one_task(tmp_path: Path) -> None:
    table = tmp_path / "labels.tsv"
    table.write_text("".join(f"word{n} is {n % 2}\t{'ab'[n % 2]}\n" for n in range(60)))
    data = share_data(Comparison(Files((table,)), tmp_path / "out", ("han", "classifier"), 1, 1.0, {}))
    assert data.task.target == "label" and data.metrics == ["accuracy", "macro_f1"]


def test_another_comparison_in_the_same_folder_is_refused(comparison: Comparison, tmp_path: Path) -> None:
    comparison.begin()
    comparison.begin()
    other = Comparison(comparison.files, comparison.out, ("luong",), 1, 2.0, TINY)
    with pytest.raises(Mistake, match="other minutes"):
        other.begin()


def test_a_folder_that_holds_a_run_is_refused(pairs: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(Mistake, match="not a folder for a comparison"):
        Comparison(Files((pairs,)), tmp_path, ("luong",), 1, 1.0, {}).begin()


def test_the_budget_keeps_time_for_reading_and_for_the_final_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("unspool.compare.budget.time.monotonic", lambda: now[0])
    budget = Budget(minutes=1, ratio=2)
    now[0] = 104.0
    assert budget.reserve(None) > 4 + 0.2 * 60
    now[0] = 120.0
    assert 4 + 3 * 2 < budget.reserve(2.0) < 4 + 3 * 2 * 1.5 + 3
    assert budget.spent(trained=40, since_training=6) == 50


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = RunResult(system="luong", figures={"bleu": (1.0, 0.5, 2.0)}, curve=[(1.0, 2.0)], answers=["a"])
    result.save(tmp_path / "r.json")
    assert RunResult.load(tmp_path / "r.json") == result
    (tmp_path / "r.json").write_text(json.dumps({"system": 3}))
    with pytest.raises(Mistake):
        RunResult.load(tmp_path / "r.json")
