"""The field's words lead to ours, and ours exist."""

from __future__ import annotations

import re

import pytest

from unspool.config import resolve
from unspool.config.listing import settings_of
from unspool.config.run import model_settings, place_of
from unspool.config.words import METRICS, WORDS, our_metric, ours
from unspool.errors import Mistake
from unspool.metrics.report import METRICS as KNOWN

KEYS = {setting.key for name in model_settings() for setting in settings_of(name)} | {"model.size"}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_leads_to_a_setting_that_exists(word: str) -> None:
    named = re.findall(r"\b(?:model|data|training|decoding)\.\w+", WORDS[word]) or [WORDS[word].split(",")[0]]
    assert set(named) <= KEYS


@pytest.mark.parametrize("word", METRICS)
def test_a_word_leads_to_a_metric_that_exists(word: str) -> None:
    assert re.match(r"\w+", METRICS[word])[0] in KNOWN  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lr": 1}, r"training\.learning_rate"),
        ({"training": {"lr": 1}}, r"training\.learning_rate"),
        ({"training": {"batch_size": 64}}, r"training\.batch_symbols, which counts symbols"),
        ({"model": {"hidden_size": 64}}, r"model\.size"),
        ({"model": {"name": "transformer", "encoder_size": 64}}, r"model\.size"),
        ({"model": {"name": "bahdanau", "score": "dot"}}, "belongs to luong"),
        ({"training": {"metric": "wer"}}, "100 minus exact_match"),
        ({"training": {"metric": "PER"}}, "symbol_error_rate"),
        ({"dropout": 0.1}, r"model\.dropout"),
    ],
)
def test_a_word_of_the_field_is_answered_with_ours(values: dict[str, object], said: str) -> None:
    with pytest.raises(Mistake, match=said):
        resolve(values)


@pytest.mark.parametrize(
    ("option", "place"),
    [("--epochs", "training.epochs"), ("--lr", "training.learning_rate"), ("--Batch-Size", ours("batch_size")),
     ("--dropout", "model.dropout"), ("--colour", "")],
)  # fmt: skip
def test_an_option_that_is_a_setting_here_is_named(option: str, place: str) -> None:
    assert place_of(option) == place
    assert our_metric("bogus") == ours("bogus") == ""
