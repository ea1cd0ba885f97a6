"""A trained folder becomes an exported one that answers the same."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
import torch

from unspool import folder as disk
from unspool.config import RunConfig
from unspool.errors import Mistake
from unspool.export import onnx as exporting
from unspool.export.graphs import Graphs, graphs_of
from unspool.export.onnx import export, stages
from unspool.folder import RunMetadata
from unspool.model import load
from unspool.runtime.manifest import INSIDE, hash_of, read_manifest
from unspool.tasks import sizes_of
from unspool.training.checkpoint import write_weights
from worlds import PLAIN

WORLD = next(world for world in PLAIN if (world.model, world.label) == ("luong", "default"))
WORDS = ["abcde", "ba", "edcba"]


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A trained folder, of a model that was never trained."""
    folder, fields = tmp_path / "run", [field.to_json() for field in WORLD.fields]
    metadata = RunMetadata(
        unspool="0", versions={}, begun="", files={"data": [], "aligned": []}, fingerprint="",
        sizes=sizes_of(WORLD.dimensions), pairs=1, validation_sources=1, padding_waste=0,
        metrics=["exact_match"], metric="exact_match", bleu_tokenizer="13a",
    )  # fmt: skip
    config = RunConfig(model=WORLD.settings())
    disk.write_run(folder, config, metadata)
    disk.write_fields(folder, *fields)
    written = disk.read_run(folder)
    write_weights(folder / disk.WEIGHTS, WORLD.build(), disk.identity(*written, *fields))
    return folder


@cache
def traced(seed: int) -> Graphs:
    return graphs_of(WORLD.build(seed=seed), WORLD.dimensions)


@pytest.fixture(autouse=True)
def traced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing takes seconds, and all these folders hold the same model."""
    monkeypatch.setattr(exporting, "graphs_of", lambda model, dimensions: traced(1))


def test_an_exported_folder_answers_as_the_trained_one(trained: Path, tmp_path: Path) -> None:
    done = export(trained, tmp_path / "out")
    found = load(done.folder).predict(WORDS, beam=3, n_best=3, max_length=9)
    expected = load(trained, engine="torch").predict(WORDS, beam=3, n_best=3, max_length=9)
    for one, other in zip(found, expected, strict=True):
        assert [answer.text for answer in one.hypotheses] == [answer.text for answer in other.hypotheses]
        assert [a.score for a in one.hypotheses] == pytest.approx([a.score for a in other.hypotheses], abs=1e-4)


def test_a_folder_inside_the_trained_one_is_what_load_takes(trained: Path) -> None:
    done = export(trained)
    assert done.folder == trained / INSIDE
    assert load(trained, "cpu").engine.startswith("ONNX Runtime")


def test_the_manifest_tells_what_was_exported_and_how_near_it_is(trained: Path, tmp_path: Path) -> None:
    told: list[str] = []
    done = export(trained, tmp_path / "out", quantize="int8", on_stage=told.append)
    manifest = read_manifest(done.folder)
    assert told == stages("int8")
    assert (manifest.quantized, manifest.weights) == ("int8", hash_of(trained / disk.WEIGHTS))
    assert manifest.parity["log_prob"] < 1e-4
    assert manifest.parity["quantized"] == done.parity["quantized"]
    for name in (disk.RUN, "source.tokenizer.json", "target.tokenizer.json"):
        assert (done.folder / name).read_text() == (trained / name).read_text()
    assert done.sizes == {name: (done.folder / name).stat().st_size for name in ("encoder.onnx", "step.onnx")}
    assert all(prediction.hypotheses for prediction in load(done.folder).predict(WORDS))


@pytest.mark.parametrize(
    "name", [disk.RUN, "source.tokenizer.json", "target.tokenizer.json", "encoder.onnx", "step.onnx"]
)
def test_one_flipped_bit_of_an_exported_file_is_noticed(trained: Path, tmp_path: Path, name: str) -> None:
    path = export(trained, tmp_path / "out").folder / name
    content = bytearray(path.read_bytes())
    content[content.index(b"3" if name == disk.RUN else b"a")] ^= 1
    path.write_bytes(content)
    with pytest.raises(Mistake, match=name.replace(".", r"\.")):
        load(tmp_path / "out")


def test_weights_that_are_no_numbers_are_not_exported(trained: Path, tmp_path: Path) -> None:
    model = WORLD.build()
    with torch.no_grad():
        next(iter(model.parameters())).fill_(torch.nan)
    fields = [field.to_json() for field in WORLD.fields]
    write_weights(trained / disk.WEIGHTS, model, disk.identity(*disk.read_run(trained), *fields))
    with pytest.raises(Mistake, match=r"model\.safetensors"):
        export(trained, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_is_replaced_only_when_asked(trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(trained, out)
    with pytest.raises(Mistake, match="already holds an export"):
        export(trained, out, quantize="int8")
    assert read_manifest(out).quantized is None
    export(trained, out, quantize="int8", overwrite=True)
    assert read_manifest(out).quantized == "int8"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_trained_folder_is_never_written_over(trained: Path, tmp_path: Path, overwrite: bool) -> None:
    other = Path(shutil.copytree(trained, tmp_path / "other"))
    for target in (trained, other):
        before = {path.name for path in target.iterdir()}
        with pytest.raises(Mistake, match="holds a trained model"):
            export(trained, target, overwrite=overwrite)
        assert {path.name for path in target.iterdir()} == before


def test_what_is_no_trained_folder_is_a_mistake(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="is already an exported folder"):
        export(export(trained).folder, tmp_path / "out")
    with pytest.raises(Mistake, match="There is no model"):
        export(tmp_path / "nowhere", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_graphs_that_say_something_else_are_not_written(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "graphs_of", lambda model, dimensions: traced(2))
    with pytest.raises(Mistake, match="differ from the model"):
        export(trained, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
