"""The registry: what it lists can be built, and says what it is."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from unspool.errors import Mistake
from unspool.models.registry import MODELS, settings_of


@pytest.mark.parametrize("name", MODELS)
def test_a_models_file_names_its_paper(name: str) -> None:
    entry = MODELS[name]
    documentation = importlib.import_module(f"unspool.models.{name}").__doc__ or ""
    assert documentation.startswith(f"{entry.paper} {entry.year}: ")
    assert not entry.arxiv or f"arXiv:{entry.arxiv}" in documentation


def test_an_unknown_model_names_the_nearest_one() -> None:
    with pytest.raises(Mistake, match="Unknown model 'loung'") as caught:
        settings_of("loung", {})
    assert "Did you mean 'luong'?" in caught.value.remedy


def test_an_unknown_setting_names_the_nearest_one() -> None:
    with pytest.raises(Mistake, match=r"Unknown setting 'model\.encoder_sise'") as caught:
        settings_of("luong", {"encoder_sise": 4})
    assert "'encoder_size'" in caught.value.remedy


def test_listing_models_does_not_import_torch() -> None:
    code = "import sys; from unspool.models.registry import MODELS; sys.exit('torch' in sys.modules or not MODELS)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
