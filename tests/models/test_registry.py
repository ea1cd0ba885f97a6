"""The registry: what it lists can be built, and says what it is."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pytest

from unspool.errors import Mistake
from unspool.models.about import about
from unspool.models.registry import MODELS, settings_of


@pytest.mark.parametrize("name", MODELS)
def test_a_models_file_names_its_paper(name: str) -> None:
    entry = MODELS[name]
    documentation = importlib.import_module(f"unspool.models.{name}").__doc__ or ""
    assert documentation.startswith(f"{entry.paper} {entry.year}: ")
    assert not entry.arxiv or f"arXiv:{entry.arxiv}" in documentation


@pytest.mark.parametrize("name", MODELS)
def test_a_models_file_says_in_three_sentences_of_each_language_what_it_is(name: str) -> None:
    told = about(name)
    assert len(told.english) == len(told.korean) == 3
    for english, korean in zip(told.english, told.korean, strict=True):
        assert re.fullmatch(r"[A-Z][^.!?]{30,}\.", english) and english.isascii(), english
        assert re.fullmatch(r"[^.!?]{15,}니다\.", korean) and re.search("[가-힣]", korean), korean


def test_an_unknown_model_names_the_nearest_one() -> None:
    with pytest.raises(Mistake, match="Unknown model 'loung'") as caught:
        settings_of("loung", {})
    assert "Did you mean 'luong'?" in caught.value.remedy


def test_an_unknown_setting_names_the_nearest_one() -> None:
    with pytest.raises(Mistake, match=r"Unknown setting 'model\.encoder_sise'") as caught:
        settings_of("luong", {"encoder_sise": 4})
    assert "'encoder_size'" in caught.value.remedy


def test_listing_and_telling_of_models_does_not_import_torch() -> None:
    code = (
        "import sys; from unspool.models.registry import MODELS; from unspool.models.about import about;"
        "sys.exit('torch' in sys.modules or not all(map(about, MODELS)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
