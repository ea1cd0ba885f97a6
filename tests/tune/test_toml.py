"""What is written as TOML is read back the same."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from unspool.config import resolve
from unspool.config.run import model_settings
from unspool.tune.toml import to_toml


@pytest.mark.parametrize("name", model_settings())
def test_a_whole_configuration_comes_back(name: str) -> None:
    values = resolve({"model": name, "training": {"learning_rate": 1e-5}}).model_dump(mode="json")
    assert resolve(tomllib.loads(to_toml(values, ["a comment"]))) == resolve(values)


@pytest.mark.parametrize("value", ['a "quoted" text\\', "한국어", "two\nlines", 1, -0.5, 1e-9, True])
def test_every_kind_of_value_comes_back(value: Any) -> None:
    assert tomllib.loads(to_toml({"key": value, "section": {"key": value}})) == {
        "key": value,
        "section": {"key": value},
    }
