"""Writing with a model that is trained for seconds: what is drawn looks like nothing, and everything else must hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unspool
from keyboard import Shell, without_extra
from unspool.answers.answer import Answer, Prediction
from unspool.data.drawings import write_drawings
from unspool.errors import Mistake
from unspool.ink.hershey import Hand, written
from unspool.ink.output import write_lines
from unspool.model import Model
from unspool.predictor import Predictor
from unspool.writing import ATTEMPTS, WrittenLine, letters_of, read_style, write_text

SETTINGS = {
    "model.size": 16, "model.layers": 2, "model.embedding_size": 8, "model.components": 2, "training.max_updates": 3,
    "training.batch_symbols": 512, "training.precision": "fp32", "decoding.max_length": 40,
    "data.source_tokenizer": "chars",
}  # fmt: skip
TEXTS = ["hello", "world", "a hello", "old owl", "well done", "hold", "lower", "wheel"]


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Model:
    draw = np.random.default_rng(1)
    lines = [(text, written(text, Hand("futural"), draw).points) for text in TEXTS]
    out = tmp_path_factory.mktemp("writer") / "run"
    return unspool.train(lines, valid=lines[:2], model="synthesis", out=out, settings=SETTINGS, progress=False)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Model:
    draw = np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("reader")
    write_drawings(folder / "ink.npz", [written(text, Hand("futural"), draw).points for text in TEXTS], TEXTS)
    sizes = {"model.embedding_size": 8, "model.encoder_size": 8, "model.decoder_size": 8}
    settings = sizes | {"training.max_updates": 3, "training.precision": "fp32", "data.target_tokenizer": "chars"}
    data, out = folder / "ink.npz", folder / "run"
    return unspool.train(data, valid=data, model="luong", out=out, settings=settings, progress=False)


def test_lines_are_those_of_the_text_in_order(writer: Model) -> None:
    found = write_text(writer.predictor, "hello world\n\nold owl", characters=6)
    assert [line and line.text for line in found.lines] == ["hello", "world", None, "old", "owl"]
    assert all(window.weights.shape == (len(window.points), len(window.letters)) for window in found.windows)
    assert found.windows[0].letters == [*"hello"]


def test_the_same_seed_gives_the_same_ink_and_another_does_not(writer: Model) -> None:
    one, same, other = (write_text(writer.predictor, "hello", seed=seed).lines[0] for seed in (1, 1, 2))
    assert one and same and other
    np.testing.assert_array_equal(one.points, same.points)
    assert one.points.shape != other.points.shape or (one.points != other.points).any()


def test_letters_that_training_never_saw_are_named(writer: Model) -> None:
    found = write_text(writer.predictor, "héllo 안 world")
    assert found.messages[0] == "The model never saw é 안: é is written as e; 안 is left out."
    with pytest.raises(Mistake, match="no text that the model can write: it never saw 안 녕"):
        write_text(writer.predictor, "안녕")


def test_a_style_is_a_drawing_whose_letters_the_model_knows(writer: Model, tmp_path: Path) -> None:
    unknown = written("quick", Hand("timesr"), np.random.default_rng(1))
    known = written("hello", Hand("timesr"), np.random.default_rng(1))
    write_lines(tmp_path / "style.json", [unknown, known])
    style = read_style(tmp_path / "style.json", letters_of(writer.predictor))
    assert style.text == "hello"
    assert write_text(writer.predictor, "world", style=style).lines
    write_lines(tmp_path / "style.json", [unknown])
    with pytest.raises(Mistake, match="has no ink with its text"):
        read_style(tmp_path / "style.json", letters_of(writer.predictor))


def test_the_command_writes_pictures_and_the_window(writer: Model, shell: Shell, tmp_path: Path) -> None:
    out, window = tmp_path / "x.svg", tmp_path / "window.png"
    said = shell("write", writer.folders[0], "hello world", "--out", out, "--animate", "--window", window)
    assert (said.code, said.out.split()) == (0, [str(out), str(window)]), said.err
    assert out.stat().st_size > 100 and window.stat().st_size > 1000


class Attempts:
    """A predictor whose first attempts at a line reach only its first letter."""

    def __init__(self, predictor: Predictor, early: int) -> None:
        self.predictor, self.early, self.starts = predictor, early, list[int]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.predictor, name)

    def predict(self, sources: list[str], **options: Any) -> list[Prediction]:
        self.starts.append(options["start"])
        ends = len(self.starts) > self.early
        weights = [np.eye(len(source))[: None if ends else 1] for source in sources]
        answers = [Answer("", 0.0, [], weight, np.ones((len(weight), 3))) for weight in weights]
        return [Prediction(text, [*text], [answer]) for text, answer in zip(sources, answers, strict=True)]


def test_a_line_that_ends_early_is_drawn_again_with_other_draws(writer: Model) -> None:
    attempts = Attempts(writer.predictor, early=2)
    found = write_text(attempts, "hello\nworld")  # type: ignore[arg-type]
    assert [len(window.points) for window in found.windows] == [5, 5] and found.messages == []
    assert attempts.starts == [0, 2, 4]


def test_a_reader_keeps_the_most_legible_of_all_attempts(writer: Model, reader: Model) -> None:
    lines, numbers = ["hello", "world"], range(ATTEMPTS)
    found = write_text(writer.predictor, "\n".join(lines), reader=reader.predictor, bias=1.0)
    drawn = [writer.predict(lines, sample=True, start=2 * number, bias=1.0) for number in numbers]
    for place, (line, window) in enumerate(zip(lines, found.windows, strict=True)):
        answers = [one[place].hypotheses[0] for one in drawn]
        inks = [answer.values for answer in answers]
        attempts = [WrittenLine([*line], answer.attention, answer.values) for answer in answers]
        farthest = max(attempt.reach for attempt in attempts)
        scores = [score.log_prob for score in reader.score([(ink, line) for ink in inks])]
        best = max((n for n in numbers if attempts[n].reach == farthest), key=scores.__getitem__)
        np.testing.assert_array_equal(window.points, inks[best])


def test_a_reader_of_something_else_is_refused(writer: Model) -> None:
    with pytest.raises(Mistake, match="This synthesis does not read ink as text"):
        write_text(writer.predictor, "hello", reader=writer.predictor)


def test_the_command_asks_the_reader_beside_the_writer(
    writer: Model, reader: Model, shell: Shell, tmp_path: Path
) -> None:
    folder = shutil.copytree(writer.folders[0], tmp_path / "both")
    shutil.copytree(reader.folders[0], folder / "reader")
    alone, beside, once, named = (tmp_path / f"{name}.json" for name in ("alone", "beside", "once", "named"))
    ask = ("write", folder, "hello", "--bias", 1, "--out")
    assert shell("write", writer.folders[0], "hello", "--bias", 1, "--out", alone).code == 0
    for words in ((beside,), (once, "--once"), (named, "--rerank", reader.folders[0])):
        said = shell(*ask, *words)
        assert said.code == 0, said.err
    chosen = write_text(writer.predictor, "hello", reader=reader.predictor, bias=1.0, seed=1)
    write_lines(tmp_path / "expected.json", chosen.lines)
    assert beside.read_bytes() == named.read_bytes() == (tmp_path / "expected.json").read_bytes()
    assert once.read_bytes() == alone.read_bytes() != beside.read_bytes()


def test_a_reader_whose_training_was_stopped_before_its_first_weights_is_left_out(
    writer: Model, reader: Model, shell: Shell, tmp_path: Path
) -> None:
    folder = shutil.copytree(writer.folders[0], tmp_path / "both")
    shutil.copytree(reader.folders[0], folder / "reader")
    (folder / "reader" / "model.safetensors").unlink()
    said = shell("write", folder, "hello", "--out", tmp_path / "x.svg")
    assert said.code == 0 and (tmp_path / "x.svg").exists(), said.err


def test_a_line_that_always_ends_early_is_told(writer: Model) -> None:
    found = write_text(Attempts(writer.predictor, early=100), "hello")  # type: ignore[arg-type]
    assert found.messages == ["The ink of 'hello' ends before its text, in 8 attempts: try another --seed."]


def test_explain_draws_the_window_over_the_text(writer: Model, shell: Shell, tmp_path: Path) -> None:
    said = shell("explain", writer.folders[0], "hello", "--out", tmp_path / "x.png")
    assert said.code == 0, said.err
    assert 1000 < (tmp_path / "x.png").stat().st_size < 200_000


def test_an_exported_writer_writes_the_same_without_pytorch(writer: Model, shell: Shell, tmp_path: Path) -> None:
    exported = tmp_path / "exported"
    writer.export(exported)
    said = without_extra("write", exported, "hello world", "--out", tmp_path / "x.json")
    assert said.returncode == 0, said.stderr
    assert shell("write", writer.folders[0], "hello world", "--out", tmp_path / "y.json").code == 0
    one, other = (json.loads((tmp_path / name).read_text())["lines"] for name in ("x.json", "y.json"))
    assert [line["text"] for line in one] == [line["text"] for line in other]
    assert [[len(stroke) for stroke in line["strokes"]] for line in one] == [
        [len(stroke) for stroke in line["strokes"]] for line in other
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--out", "x.pdf"], "not written to '.pdf' files"),
        (["--out", "x.svg", "--paper", "A4"], "'A4' is no size of a paper"),
        (["--out", "x.svg", "--paper", "20x20"], "larger than the paper of 20 × 20 mm"),
        (["--out", "x.svg", "--style", "missing.json"], "There is no file missing.json"),
        (["--out", "x.svg", "--window", "x.svg"], "does not end in .png"),
        (["--out", "x.svg", "--once", "--rerank", "m"], "--rerank chooses among several"),
    ],
)
def test_the_command_names_what_is_wrong(writer: Model, shell: Shell, words: list[str], expected: str) -> None:
    said = shell("write", writer.folders[0], "hello", *words)
    assert said.code == 2 and expected in said.err
    assert not Path("x.svg").exists()
