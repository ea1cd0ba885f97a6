"""`unspool export --to web` and `--to single-file`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keyboard import Shell
from servers import exported
from web_runtime import archive, pin


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive of a stand-in for onnxruntime-web."""
    path = tmp_path / "engine.tgz"
    path.write_bytes(archive())
    pin(monkeypatch, archive(), tmp_path / "cache")
    return path


def test_a_trained_model_becomes_a_page(trained: Path, engine: Path, shell: Shell, tmp_path: Path) -> None:
    said = shell("export", trained, "--to", "web", "--engine", engine)
    assert said.code == 0 and "MB (gzip)" in said.out and "python -m http.server" in said.err
    [model] = json.loads((trained / "web" / "models.json").read_text())
    assert model["id"] == "run" and (trained / "web" / "index.html").exists()
    again = shell("export", trained, "--to", "web", "--engine", engine)
    assert again.code == 2 and "--overwrite" in again.err
    said = shell(
        "export", exported("luong"), "--to", "web", "--engine", engine, "--out", trained / "web", "--overwrite"
    )
    assert said.code == 0 and json.loads((trained / "web" / "models.json").read_text())[0]["id"] == "exported"


def test_exported_models_become_one_file(engine: Path, shell: Shell, tmp_path: Path) -> None:
    models = [f"a={exported('luong')}", f"b={exported('korean')}"]
    said = shell("export", *models, "--to", "single-file", "--engine", engine, "--out", tmp_path / "two.html")
    assert (
        said.code == 0
        and "two.html" in said.out
        and 'data-path="models/b/model.json"' in (tmp_path / "two.html").read_text()
    )


def test_questions_that_make_no_sense(trained: Path, engine: Path, shell: Shell, tmp_path: Path) -> None:
    said = shell("export", trained, trained, "--to", "onnx")
    assert said.code == 2 and "an export holds one" in said.err
    said = shell("export", trained, "--to", "onnx", "--engine", engine)
    assert said.code == 2 and "--engine is for browsers" in said.err
    said = shell("export", f"a={trained}", "--to", "web", "--engine", engine)
    assert said.code == 2 and "--out site" in said.err
    said = shell("export", trained, "--to", "web", "--engine", tmp_path / "none.tgz")
    assert said.code == 2 and "npm pack onnxruntime-web@" in said.err and len(said.lines) == 2
