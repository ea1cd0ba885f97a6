"""One small trained model for all tests of the folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from documented import lay_out
from keyboard import TINY


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import unspool

    folder = tmp_path_factory.mktemp("trained")
    lay_out(folder)
    settings = dict(word.split("=") for word in TINY[1::2])
    unspool.train(folder / "pairs.tsv", out=folder / "run", settings=settings)
    return folder / "run"


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path) -> Path:
    """A trained folder of one's own, to be broken at will."""
    return Path(shutil.copytree(trained_once, tmp_path / "run"))


@pytest.fixture(scope="session")
def exported_once(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from unspool.export.onnx import export

    return export(trained_once, tmp_path_factory.mktemp("exported") / "onnx").folder


@pytest.fixture
def exported(exported_once: Path, tmp_path: Path) -> Path:
    """An exported folder of the same model, of one's own."""
    return Path(shutil.copytree(exported_once, tmp_path / "exported"))
