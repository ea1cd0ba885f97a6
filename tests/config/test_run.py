"""A whole run's settings: what is unknown or wrong is said with the way out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from unspool.config import DataConfig, DecodingConfig, RunConfig, TrainingConfig, resolve, validated
from unspool.errors import Mistake

UNKNOWN: dict[str, tuple[dict[str, Any], str, str]] = {
    "a section": ({"trainin": {"epochs": 3}}, "'trainin'", "Did you mean 'training'"),
    "a key": ({"training": {"epoch": 3}}, "'training.epoch'", "Did you mean 'epochs'"),
    "a key of data": ({"data": {"colums": "source=1"}}, "'data.colums'", "Did you mean 'columns'"),
    "a key of the model": ({"model": {"scor": "dot"}}, "'model.scor'", "Did you mean 'score'"),
    "without its section": ({"epochs": 3}, "'epochs'", "training.epochs"),
    "of the model without its section": ({"dropout": 0.1}, "'dropout'", "model.dropout"),
    "in another section": ({"model": {"max_source": 5}}, "'model.max_source'", "data.max_source"),
    "above all sections": ({"training": {"seed": 5}}, "'training.seed'", "above all sections"),
    "of two sections": ({"batch_symbols": 5}, "'batch_symbols'", "training.batch_symbols or decoding.batch_symbols"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_key_names_where_it_belongs_or_the_nearest(case: str) -> None:
    values, what, remedy = UNKNOWN[case]
    with pytest.raises(Mistake) as caught:
        resolve(values)
    assert caught.value.what == f"Unknown setting {what}." and remedy in caught.value.remedy


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "a word for a number": ({"training": {"epochs": "many"}}, "'training.epochs' cannot be 'many'", "integer"),
    "out of range": ({"model": {"dropout": 1.5}}, "'model.dropout' cannot be 1.5", "less than 1"),
    "no choice": ({"model": {"score": "product"}}, "'model.score' cannot be 'product'", "'general'"),
    "no section": ({"data": 3}, "'data' cannot be 3", "DataConfig"),
    "a plain key": ({"seed": -1}, "'seed' cannot be -1", "greater than or equal to 0"),
    "a penalty whose powers overflow": ({"decoding": {"length_penalty": 1e25}}, "decoding.length_penalty", "less than"),
    "no finite number": ({"training": {"learning_rate": float("inf")}}, "'training.learning_rate'", "finite"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_is_said_with_what_it_should_be(case: str) -> None:
    values, what, remedy = WRONG[case]
    with pytest.raises(Mistake) as caught:
        resolve(values)
    assert what in caught.value.what and remedy in caught.value.remedy


def test_the_first_of_several_mistakes_is_said_with_its_place() -> None:
    with pytest.raises(Mistake, match=r"Unknown setting 'decoding\.bean'\. Did you mean 'beam'\? Known: batch_symbols"):
        validated(DecodingConfig, {"bean": 5}, "decoding")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"beam": 2, "sample": True}, "cannot be combined with sampling"),
        ({"top_k": 3}, "--top-k is for sampling"),
        ({"temperature": 2.0}, "--temperature is for sampling"),
        ({"bias": 1.0}, "--bias is for sampling"),
        ({"beam": 2, "n_best": 3}, "--beam 3"),
    ],
)
def test_ways_of_decoding_that_exclude_each_other_are_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake, match=said):
        resolve({"decoding": values})


def test_settings_cannot_be_changed_afterwards() -> None:
    config = RunConfig()
    for settings, key in ((config, "seed"), (config.model, "dropout"), (config.training, "epochs")):
        with pytest.raises(ValidationError):
            setattr(settings, key, 0)


def test_what_is_written_and_read_back_is_the_same() -> None:
    values = {"model": {"name": "gnmt", "encoder_layers": 2}, "training": {"epochs": 3}, "seed": 7, "threads": 2}
    config = resolve(values)
    assert resolve(config.model_dump()) == config
    assert (config.data, config.decoding) == (DataConfig(), DecodingConfig())
    assert config.training == TrainingConfig(epochs=3)


def test_values_that_are_resolved_stay_as_they_were() -> None:
    values = {"model": "gnmt", "training": {"epochs": 3}}
    resolve(values)
    assert values == {"model": "gnmt", "training": {"epochs": 3}}
