"""The registry: what it lists can be built, and says what it is."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pytest

from unspool.config import resolve
from unspool.config.run import model_settings
from unspool.errors import Mistake
from unspool.fields.registry import FIELDS
from unspool.models.registry import entry_of, models


@pytest.mark.parametrize("name", models())
def test_a_models_file_names_its_paper(name: str) -> None:
    entry = entry_of(name)
    documentation = importlib.import_module(f"unspool.models.{name}").__doc__ or ""
    assert documentation.startswith(f"{entry.paper} {entry.year}: ")
    assert not entry.arxiv or f"arXiv:{entry.arxiv}" in documentation


@pytest.mark.parametrize("name", models())
def test_the_catalogue_says_in_three_sentences_of_each_language_what_a_model_is(name: str) -> None:
    told = entry_of(name)
    assert len(told.english) == len(told.korean) == 3
    for english, korean in zip(told.english, told.korean, strict=True):
        assert re.fullmatch(r"[A-Z][^.!?]{30,}\.", english) and english.isascii(), english
        assert re.fullmatch(r"[^.!?]{15,}니다\.", korean) and re.search("[가-힣]", korean), korean


def test_every_model_of_the_catalogue_has_settings_of_its_own_name() -> None:
    assert set(model_settings()) == set(models())
    assert list(models()) == sorted(models())


@pytest.mark.parametrize("name", models())
def test_a_model_reads_and_writes_fields_that_there_are(name: str) -> None:
    entry = entry_of(name)
    assert entry.reads and entry.writes
    assert {*entry.reads, *entry.writes} <= set(FIELDS)


def test_an_unknown_model_names_the_nearest_one() -> None:
    with pytest.raises(Mistake, match="Unknown model 'loung'") as caught:
        resolve({"model": {"name": "loung"}})
    assert "Did you mean 'luong'?" in caught.value.remedy


def test_an_unknown_setting_names_the_nearest_one() -> None:
    with pytest.raises(Mistake, match=r"Unknown setting 'model\.encoder_sise'") as caught:
        resolve({"model": {"name": "luong", "encoder_sise": 4}})
    assert "'encoder_size'" in caught.value.remedy


def test_listing_and_telling_of_models_does_not_import_torch() -> None:
    code = (
        "import sys; from unspool.models.registry import models;"
        "sys.exit('torch' in sys.modules or not all(entry.english for entry in models().values()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
