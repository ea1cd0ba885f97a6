"""What is recommended follows the data and the time; what a person sets is kept, and so is what it belongs to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from documented import REPOSITORY
from keyboard import Shell
from unspool import folder as disk
from unspool.config import resolve
from unspool.config.search import space_of
from unspool.config.values import read_config
from unspool.models.registry import entry_of, models
from unspool.setup.recommended import Work, chosen_keys, model_settings, training_settings

CMUDICT = Work(113_000, 1_640_000, 800_000, 43, "text", "text", minutes=5)
SMALL = Work(800, 10_400, 6_400, 50, "text", "text", minutes=5)
SENTENCES = Work(29_000, 810_000, 420_000, 8000, "text", "text", minutes=5)
REVIEWS = Work(41_000, 533_000, 41_000, 8000, "text", "label", minutes=5)


def chosen(work: Work, **values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    config = resolve(values)
    return model_settings(config.model, work), training_settings(config.training, work, model=config.model)


def test_pairs_are_learned_as_the_quick_recipe_learns_them() -> None:
    model, training = chosen(CMUDICT)
    assert model == {
        "embedding_size": 128, "encoder_size": 256, "decoder_size": 256, "encoder_layers": 2, "dropout": 0.1,
        "embedding_dropout": 0.0,
    }  # fmt: skip
    assert training == {
        "optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.996, "batch_symbols": 4096, "epochs": 100,
    }  # fmt: skip


def test_time_and_data_decide_about_width_dropout_and_batches() -> None:
    assert chosen(replace(CMUDICT, minutes=40))[0]["encoder_size"] == 512
    assert chosen(replace(CMUDICT, minutes=None))[0]["encoder_size"] == 512
    assert chosen(replace(SMALL, minutes=None))[0]["encoder_size"] == 256
    assert [chosen(work)[0]["dropout"] for work in (CMUDICT, SENTENCES, SMALL)] == [0.1, 0.1, 0.3]
    assert chosen(replace(SMALL, limit=5))[0]["dropout"] == 0.1
    assert "embedding_dropout" not in chosen(SENTENCES)[0]
    assert chosen(replace(CMUDICT, minutes=1))[1]["batch_symbols"] == 2048
    captions = replace(CMUDICT, pairs=29_000, symbols=800_000, target_symbols=390_000, vocabulary=8000)
    sizes = [chosen(replace(captions, minutes=minutes))[1]["batch_symbols"] for minutes in (5, 8.5, 20)]
    assert sizes == [2048, 2048, 4096], "1.8 BLEU more after 8.5 minutes on one core"
    assert chosen(replace(CMUDICT, minutes=1, limit=1))[1]["batch_symbols"] == 4096
    assert chosen(SMALL)[1]["batch_symbols"] == 325
    assert "epochs" not in chosen(replace(CMUDICT, minutes=None))[1]


def test_labels_are_learned_by_adamw_in_few_passes_also_without_a_limit() -> None:
    model, training = chosen(REVIEWS, model="classifier")
    assert model == {"embedding_size": 128, "encoder_size": 256, "dropout": 0.5, "summary": "max"}
    assert training == {"learning_rate": 2e-3, "averaging": 0.99, "batch_symbols": 2048, "epochs": 4}
    assert chosen(replace(REVIEWS, minutes=None), model="classifier")[1]["epochs"] == 4
    assert chosen(replace(REVIEWS, pairs=500, symbols=6500), model="classifier")[1]["epochs"] == 32


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"learning_rate": 1e-3}, {"optimizer", "learning_rate", "averaging", "epochs"}),
        ({"optimizer": "adamw"}, {"optimizer", "learning_rate", "averaging", "epochs"}),
        ({"optimizer": "muon", "learning_rate": 1e-3}, {"optimizer", "learning_rate", "averaging", "epochs"}),
        ({"optimizer": "muon"}, {"optimizer", "epochs"}),
        ({"averaging": 0.5}, {"averaging"}),
        ({"batch_symbols": 512}, {"batch_symbols"}),
        ({"max_updates": 10}, {"epochs"}),
    ],
)
def test_a_setting_of_training_that_is_given_keeps_what_belongs_to_it(given: dict[str, Any], kept: set[str]) -> None:
    everything = {"optimizer", "learning_rate", "averaging", "batch_symbols", "epochs"}
    assert set(chosen(CMUDICT, training=given)[1]) == everything - kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"encoder_size": 64}, {"embedding_size", "encoder_size", "decoder_size", "encoder_layers"}),
        ({"size": 64}, {"embedding_size", "encoder_size", "decoder_size", "encoder_layers"}),
        ({"decoder_layers": 2}, {"embedding_size", "encoder_size", "decoder_size", "encoder_layers"}),
        ({"dropout": 0.4}, {"dropout", "embedding_dropout"}),
        ({"embedding_dropout": 0.4}, {"embedding_dropout"}),
    ],
)
def test_a_setting_of_the_model_that_is_given_keeps_what_belongs_to_it(given: dict[str, Any], kept: set[str]) -> None:
    assert set(chosen(CMUDICT, model=given)[0]) == set(chosen(CMUDICT)[0]) - kept


def test_a_run_that_continues_anothers_weights_is_given_batches_and_nothing_else() -> None:
    config = resolve({})
    assert set(training_settings(config.training, CMUDICT, model=config.model, anew=False)) == {"batch_symbols"}


@pytest.mark.parametrize("name", models())
def test_what_is_recommended_is_valid_for_every_model_and_marked_as_chosen(name: str) -> None:
    for work in (CMUDICT, SMALL, SENTENCES, REVIEWS, replace(SMALL, writes="values")):
        model, training = chosen(work, model=name)
        assert resolve({"model": {"name": name} | model, "training": training})
        listed = chosen_keys(resolve({"model": name}).model, work.reads, work.writes)
        assert {f"model.{key}" for key in model} | {f"training.{key}" for key in training} <= listed


@pytest.mark.parametrize("file", sorted(REPOSITORY.glob("configs/*.toml")), ids=lambda file: file.stem)
def test_a_published_configuration_means_what_it_meant(file: Path) -> None:
    values = read_config(file)
    config = resolve(values)
    writes = entry_of(config.model.name).task.target
    for work in (replace(work, writes=writes, minutes=config.training.max_minutes) for work in (CMUDICT, SMALL)):
        assert model_settings(config.model, work) == {}
        assert training_settings(config.training, work, model=config.model) == {}


def test_numbers_are_learned_as_before() -> None:
    assert chosen(replace(SMALL, writes="values"))[0] == {}
    assert set(chosen(replace(SMALL, writes="values"))[1]) == {"batch_symbols"}


@pytest.mark.parametrize("name", models())
def test_a_search_starts_from_what_is_recommended(name: str) -> None:
    task = entry_of(name).task
    work = replace(CMUDICT, reads=task.source, writes=task.target)
    config, start = resolve({"model": name}), {key: dimension.start for key, dimension in space_of(name).items()}
    model = config.model.model_dump() | model_settings(config.model, work)
    training = config.training.model_dump() | training_settings(config.training, work, model=config.model)
    for key in ("training.optimizer", "training.learning_rate", "training.averaging"):
        assert start[key] == training[key.partition(".")[2]]
    for key in {"model.embedding_size", "model.encoder_layers", "model.decoder_layers", "model.summary"} & {*start}:
        assert start[key] == model[key.partition(".")[2]]


def test_series_are_read_as_before() -> None:
    assert chosen(replace(REVIEWS, reads="values"), model="classifier")[0] == {}


def test_a_run_keeps_what_was_chosen_for_it(shell: Shell, pairs: Path, tmp_path: Path) -> None:
    said = shell("train", pairs, "--out", tmp_path / "run", "--set", "training.max_updates=2", "--set", "model.size=16",
                 "--set", "model.embedding_size=8")  # fmt: skip
    assert said.code == 0, said.err
    config, _ = disk.read_run(tmp_path / "run")
    model = config.model.model_dump()
    assert (config.training.optimizer, config.training.learning_rate) == ("muon", 4e-3)
    assert (model["encoder_size"], model["encoder_layers"], model["dropout"]) == (16, 1, 0.1)
