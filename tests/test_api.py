"""Unspool from Python: data from memory, exact resume, answers with notes, mistakes without a traceback."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pandas
import pytest
import torch
from safetensors.torch import load_file

import unspool
from keyboard import TINY
from unspool.training.progress import Report

SETTINGS = dict(word.split("=") for word in TINY[1::2]) | {
    "training.max_updates": 12, "training.validate_every": 4, "model.dropout": 0.3,
}  # fmt: skip


def frame_of(table: Path) -> pandas.DataFrame:
    return pandas.read_csv(table, sep="\t", names=["word", "backwards"])


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> pandas.DataFrame:
    from documented import lay_out

    folder = tmp_path_factory.mktemp("words")
    lay_out(folder)
    return frame_of(folder / "pairs.tsv")


@pytest.fixture(scope="module")
def run(frame: pandas.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    unspool.train(frame, out=out, settings=SETTINGS, seed=3, device="cpu", progress=False)
    return out


def weights(out: Path) -> dict[str, torch.Tensor]:
    return load_file(out / "checkpoints" / "last.safetensors")


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_frame_trains_like_pairs_and_like_a_file_with_the_same_rows(frame, run: Path, pairs: Path, tmp_path) -> None:
    rows = list(frame.itertuples(index=False, name=None))
    for data, name in ((rows, "pairs"), (pairs, "file")):
        unspool.train(data, out=tmp_path / name, settings=SETTINGS, seed=3, device="cpu", progress=False)
        assert same(weights(tmp_path / name), weights(run))


def test_a_stopped_run_on_a_frame_is_resumed_exactly_from_its_folder_wherever_that_is(frame, run, tmp_path) -> None:
    class Enough(Exception):
        pass

    def stop(report: Report) -> None:
        if report.update >= 8:
            raise Enough

    arguments = {"out": tmp_path / "stopped", "settings": SETTINGS, "seed": 3, "device": "cpu", "progress": False}
    with pytest.raises(Enough):
        unspool.train(frame, on_report=stop, **arguments)
    assert not same(weights(tmp_path / "stopped"), weights(run))
    shutil.move(tmp_path / "stopped", tmp_path / "moved")
    unspool.train(out=tmp_path / "moved", resume=True, progress=False)
    assert same(weights(tmp_path / "moved"), weights(run))
    unspool.train(frame, out=tmp_path / "moved", resume=True, progress=False)
    with pytest.raises(unspool.Mistake, match="has changed since"):
        unspool.train(frame[1:], out=tmp_path / "moved", resume=True, progress=False)


def test_a_run_on_a_file_replaces_one_on_a_frame_and_its_data(run: Path, pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(run, out)
    assert (out / "data" / "training.jsonl.gz").exists()
    brief = SETTINGS | {"training.max_updates": 1}
    unspool.train(pairs, out=out, overwrite=True, settings=brief, progress=False)
    assert not (out / "data" / "training.jsonl.gz").exists()
    (first,) = unspool.load(out).metadata.files["data"]
    assert first == str(pairs)
    more = unspool.train(pairs, out=tmp_path / "more", start_from=out, settings=brief, progress=False)
    assert more.metadata.start_from == str(out)


def test_evaluation_takes_what_training_takes_and_shows_itself_as_a_table(frame, run: Path, pairs: Path) -> None:
    model = unspool.load(run)
    rows = list(frame.itertuples(index=False, name=None))
    found = [model.evaluate(data) for data in (pairs, frame, rows, frame.to_dict("list"), frame.to_dict("records"))]
    for figures in found:
        assert {**figures, "seconds": 0} == {**found[0], "seconds": 0}
    assert found[0]["n"] == len(frame) and "symbol error rate" in repr(found[0])
    assert "<pre" in found[0]._repr_html_()
    figures = unspool.evaluate(run, [*rows[:3], ("", "x"), ("héllo", "olleh")])
    assert figures.messages[0].startswith("Rows skipped") and figures.messages[0] in repr(figures)
    assert any("never saw" in message for message in figures.messages)


def test_an_evaluation_on_the_training_data_says_so(frame, run: Path) -> None:
    model = unspool.load(run)
    assert "trained on this very data" in repr(model.evaluate(frame))
    assert model.evaluate(frame[1:]).messages == []


def test_each_example_of_an_evaluation_becomes_a_row_of_a_frame(run: Path) -> None:
    figures = unspool.evaluate(run, [("bade", "edab"), ("komi", ["imok", "x"])])
    rows = pandas.DataFrame(figures.examples)
    assert rows["source"].tolist() == ["bade", "komi"] and rows["references"].tolist() == [["edab"], ["imok", "x"]]
    assert rows["right"].mean() * 100 == figures["exact_match"]
    assert rows["symbol_error_rate"].notna().all() and {"answer", "score", "edits"} <= {*rows.columns}


def test_answers_come_for_a_column_with_their_notes(frame, run: Path) -> None:
    model = unspool.load(run)
    predictions = model.predict(pandas.Series(["bade", None, "b한de"]), beam=2)
    assert [bool(one.text) for one in predictions] == [True, False, True]
    assert predictions[2].notes.unseen == 1 and "1 symbol that training never saw (한)" in repr(predictions[2])
    assert len(model.score([("bade", "edab"), ("bade", ["a", "b"])])) == 3
    assert repr(model).startswith(f"<luong trained on 190 pairs, in {run}: PyTorch on cpu")


def test_a_model_is_explained(run: Path, tmp_path: Path) -> None:
    model = unspool.load(run)
    assert model.explain(["bade"], tmp_path / "attention.html") == []
    assert "bade" in (tmp_path / "attention.html").read_text()
    with pytest.raises(unspool.Mistake, match="nothing to explain"):
        model.explain([""], tmp_path / "empty.html")
    assert not (tmp_path / "empty.html").exists()


def test_a_model_exports_its_own_folder(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from unspool.export import onnx

    monkeypatch.setattr(onnx, "export", lambda *words, on_stage, **options: (words, options))
    assert unspool.load(run).export("shipped", quantize="int8") == ((run, "shipped"), {"quantize": "int8"})
    with pytest.raises(unspool.Mistake, match="ensemble"):
        unspool.load([run, run]).export("both")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"data": 5}, "must be a list, not an int"),
        ({"data": [("a", "b")], "out": 5}, "out must be a path, not an int"),
        ({"data": [("a", "b")], "config": 5}, "config must be a path, not an int"),
        ({"data": [("a", "b")], "settings": "training.epochs=5"}, "settings must be a dict, not a str"),
        ({"data": [("a", "b")], "max_minutes": "long"}, "training.max_minutes"),
        ({"data": [("a", "b")], "model": 5}, "Unknown model '5'"),
        ({"data": [("a", "b")], "seed": "x"}, "seed"),
        ({"data": [("a", "b")], "columns": 5}, "data.columns"),
        ({"data": None}, "No data was given"),
        ({"data": [("a", "b")], "valid": {"a": ["b"]}}, "The validation data has no column 'source'"),
        ({"data": [("a", "b")], "resume": True, "overwrite": True}, "exclude each other"),
        ({"data": None, "resume": True}, "There is no model at"),
    ],
)
def test_a_wrong_argument_is_a_mistake_that_names_it(arguments: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(unspool.Mistake) as caught:
        unspool.train(**({"out": tmp_path / "run", "progress": False} | arguments))
    assert said in caught.value.what
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda model: unspool.load(5), "path must be a path"),  # type: ignore[arg-type]
        (lambda model: unspool.load(model.folders, device=5), "device must be a text"),
        (lambda model: unspool.load(model.folders, engine=5), "no engine '5'"),
        (lambda model: model.predict(["a"], prefix=5), "prefix must be a list of texts"),
        (lambda model: model.predict(["a"], replace_unknown=5), "replace_unknown must be a path"),
        (lambda model: model.predict(["a"], beam="x"), "decoding.beam"),
        (lambda model: model.predict(["a"], bean=5), "Did you mean 'beam'"),
        (lambda model: model.evaluate([("a", "b")], metrics="bleu"), "metrics must be a list of texts"),
        (lambda model: model.evaluate(5), "must be a list, not an int"),
        (lambda model: unspool.evaluate(5, []), "model must be a path"),  # type: ignore[arg-type]
        (lambda model: model.score({"a": ["b"]}), "score needs pairs"),
        (lambda model: model.explain(["a"], 5), "out must be a path"),
        (lambda model: model.export("x", quantize="int4"), "no quantization 'int4'"),
    ],
)
def test_a_question_of_a_wrong_type_is_a_mistake_that_names_it(ask, said: str, run: Path) -> None:
    with pytest.raises(unspool.Mistake, match=said):
        ask(unspool.load(run))


def test_mistakes_speak_of_arguments(run: Path) -> None:
    with pytest.raises(unspool.Mistake, match="Continue it: resume=True"):
        unspool.train([("a", "b")], out=run, progress=False)


def test_the_public_names_are_listed_and_there() -> None:
    assert set(unspool.__all__) < set(dir(unspool))
    assert all(getattr(unspool, name) for name in dir(unspool))


def test_a_column_of_few_repeated_values_is_taken_as_labels(tmp_path: Path) -> None:
    texts = [f"{mood} film {number}" for number in range(40) for mood in ("good", "bad")]
    data = {"text": texts, "label": [text.split()[0] for text in texts]}
    messages: list[str] = []
    brief = {"training.max_updates": 1}
    model = unspool.train(data, out=tmp_path / "run", settings=brief, progress=False, on_message=messages.append)
    assert model.config.model.name == "classifier"
    assert any("classifier" in message for message in messages)


def test_two_trainings_in_threads_end_as_each_alone_and_leave_the_program_as_it_was(pairs: Path, tmp_path) -> None:
    def train(name: str, seed: int) -> None:
        unspool.train(pairs, out=tmp_path / name, settings=SETTINGS, seed=seed, device="cpu", progress=False)

    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state(), torch.get_num_threads()
    threads = [threading.Thread(target=train, args=(f"together {seed}", seed)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed in (1, 2):
        train(f"alone {seed}", seed)
        assert same(weights(tmp_path / f"together {seed}"), weights(tmp_path / f"alone {seed}"))
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state(), torch.get_num_threads()
    assert (*before[:2], before[3]) == (*after[:2], after[3]) and torch.equal(before[2], after[2])
