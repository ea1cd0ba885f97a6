"""`unspool settings` as a person reads it and as a program does."""

from __future__ import annotations

import json

from keyboard import Shell


def test_settings_are_listed_for_people_and_for_programs(shell: Shell) -> None:
    said = shell("settings", "transformer")
    assert said.code == 0 and "model.heads" in said.out and "number of attention heads" in said.out
    assert "model.size" in said.err
    listed = json.loads(shell("settings", "--json").out)
    (found,) = [setting for setting in listed if setting["key"] == "training.clip_norm"]
    assert found.keys() == {"key", "type", "default", "chosen", "description"} and found["default"] == 1.0


def test_an_option_that_people_expect_names_the_setting(shell: Shell) -> None:
    said = shell("train", "pairs.tsv", "--epochs", 3)
    assert said.code == 2 and "training.epochs" in said.err and "--set" in said.err


def test_a_metric_of_the_field_names_ours(shell: Shell, trained: object, pairs: object) -> None:
    said = shell("evaluate", trained, pairs, "--metric", "wer")
    assert said.code == 2 and "symbol_error_rate" in said.err
