"""`unspool tune` on a tiny world: from a table to a file of settings that `unspool train` takes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from keyboard import Said, Shell
from unspool import folder as disk
from unspool.tune.study import Trial

QUICK = [
    word
    for setting in ("model.size=16", "model.embedding_size=8", "model.encoder_layers=1", "model.input_feeding=false",
                    "training.max_updates=6", "training.precision=fp32", "training.validate_every=3",
                    "training.validate_most=20", "training.optimizer=adamw",
                    "training.averaging=0.9")
    for word in ("--set", setting)
]  # fmt: skip


def tune(shell: Shell, pairs: Path, out: Path, trials: int, *more: object) -> Said:
    return shell("tune", pairs, "--out", out, "--trials", trials, "--minutes", 0.5, *QUICK, *more)


def test_a_search_ends_with_a_file_that_train_takes_and_goes_on_when_asked(
    shell: Shell, pairs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "search"
    said = tune(shell, pairs, out, 1)
    assert said.code == 0, said.err
    text = (out / "best.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text)
    assert values["model"]["size"] == 16 and values["training"]["max_minutes"] == 0.5
    assert "dropout" in values["model"] and "learning_rate" in values["training"]
    assert "The best of 1 trial, 0 of them stopped early. Each had 0.5 minutes." in text and "unspool tune" in text
    assert {path.name for path in (out / "trials").iterdir()} == {"0000"}
    assert not (out / "trials" / "0000" / disk.CHECKPOINTS).exists()
    more = tune(shell, pairs, out, 2)
    assert more.code == 0 and "Trial 2 of 2" in more.err and "Trial 1" not in more.err
    trained = shell("train", pairs, "--config", out / "best.toml", "--out", tmp_path / "run")
    assert trained.code == 0, trained.err
    config, metadata = disk.read_run(tmp_path / "run")
    assert config.model.model_dump()["encoder_size"] == 16 and metadata.metric == values["training"]["metric"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "model.score=product"], "model.score"),
        (["--model", "transfomer"], "transformer"),
        (
            ["--set=model.dropout=0", "--set=training.learning_rate=0.01", "--set=training.batch_symbols=512"],
            "is given",
        ),
    ],
)
def test_what_no_trial_could_do_is_a_mistake_at_once(
    words: list[str], said: str, shell: Shell, pairs: Path, tmp_path: Path
) -> None:
    found = tune(shell, pairs, tmp_path / "search", 2, *words)
    assert found.code == 2 and said in found.err and len(found.err.splitlines()) <= 4


def test_a_missing_table_is_a_mistake(shell: Shell, pairs: Path, tmp_path: Path) -> None:
    found = tune(shell, tmp_path / "missing.tsv", tmp_path / "search", 2)
    assert found.code == 2 and "missing.tsv" in found.err


def test_a_hopeless_trial_ends_early(
    shell: Shell, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trial, "report", lambda self, value, done: done < 1)
    found = tune(shell, pairs, tmp_path / "search", 1)
    assert found.code == 2 and "stopped early" in found.err and "No trial has reached its end" in found.err
    assert not list((tmp_path / "search").rglob("*.partial"))
