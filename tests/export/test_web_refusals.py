"""What a browser cannot run is refused in one line, before anything is exported, fetched or written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sentencepiece

import unspool
from keyboard import Shell
from servers import exported
from unspool.errors import Mistake
from unspool.export import web
from unspool.export.web import export_web
from unspool.ink.hershey import Hand, written
from unspool.repair.fixer import write_symbols
from unspool.repair.languages import PYTHON
from unspool.repair.window import CodeSymbols
from web_runtime import FILES

TINY: dict[str, Any] = {"training.max_updates": 1, "training.batch_symbols": 256, "training.precision": "fp32"}
WORDS = ["hello", "world", "a hello", "old owl", "well done", "hold", "lower", "wheel"]


def train(folder: Path, data: Any, model: str, **settings: Any) -> Path:
    given = {"model.size": 8} | {name.replace("__", "."): value for name, value in settings.items()}
    unspool.train(data, valid=data[:2], model=model, out=folder, settings=TINY | given, progress=False)
    return folder


def ink() -> list[tuple[str, np.ndarray]]:
    draw = np.random.default_rng(1)
    return [(text, written(text, Hand("futural"), draw).points) for text in WORDS]


def writes_ink(folder: Path) -> Path:
    return train(folder, ink(), "synthesis", model__embedding_size=8, model__components=2)


def reads_ink(folder: Path) -> Path:
    return train(folder, [(points, text) for text, points in ink()], "luong", data__source_tokenizer="ink")


def forecaster(folder: Path) -> Path:
    hours = np.arange(np.datetime64("2024-01-01T00"), np.datetime64("2024-01-09T00"))
    series = {"unique_id": ["a"] * len(hours), "ds": hours.astype(str), "y": np.sin(np.arange(len(hours)) / 4)}
    settings = TINY | {"model.size": 8}
    unspool.train_forecaster(pd.DataFrame(series), out=folder, horizon=4, settings=settings, progress=False)
    return folder


def repairer(folder: Path) -> Path:
    shutil.copytree(exported("luong"), folder)
    write_symbols(folder, CodeSymbols(PYTHON, frozenset({"x"})))
    return folder


def pieces(folder: Path, **sides: str) -> Path:
    text = folder.with_suffix(".txt")
    text.write_text("\n".join(WORDS * 20))
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(folder), vocab_size=20, minloglevel=2, num_threads=1
    )
    tokenizers = {f"data__{side}_tokenizer": str(folder.with_suffix(".model")) for side in sides}
    return train(folder, [(word, word[::-1]) for word in WORDS], "cho", **tokenizers)


CASES: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "ink": (writes_ink, "writes ink, and in a browser", "unspool serve"),
    "read ink": (reads_ink, "reads ink, and in a browser", "unspool serve"),
    "values": (lambda folder: exported("values"), "reads real values, and in a browser", "unspool serve"),
    "forecaster": (forecaster, "is a forecaster", "unspool forecast"),
    "repair": (repairer, "repairs code with a compiler or a parser", "unspool repair"),
    "source pieces": (lambda folder: pieces(folder, source="p"), "reads pieces of a sentence", "data.source_tokenizer"),
    "target pieces": (lambda folder: pieces(folder, target="p"), "writes pieces of a sen", "data.target_tokenizer"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_one_line_and_nothing_is_exported(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, what, remedy = CASES[case]
    folder = make(tmp_path / "model")
    monkeypatch.setattr(web, "_ready", None)  # whoever exports, fails
    for out, single in ((tmp_path / "site", False), (tmp_path / "page.html", True)):
        with pytest.raises(Mistake) as refused:
            export_web([folder], out, single_file=single, runtime=FILES)
        assert what in refused.value.what and remedy in refused.value.remedy
        assert "\n" not in refused.value.what + refused.value.remedy and str(folder) in refused.value.what
        assert not out.exists()


def test_the_command_refuses_before_it_fetches(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unspool.export.web_engine.engine_files", None)
    for to in ("web", "single-file"):
        said = shell("export", exported("values"), "--to", to, "--out", tmp_path / "out")
        assert said.code == 2 and "reads real values" in said.err and "Traceback" not in said.err
        assert not (tmp_path / "out").exists()
