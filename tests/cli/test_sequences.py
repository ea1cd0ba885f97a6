"""Real values from the command line: folders and tables, texts beside them, answers as files, endless sources."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import unspool
from keyboard import Shell
from unspool.audio.wav import read_wav, write_wav

SETTINGS = {
    "training.max_updates": 30, "training.batch_symbols": 256, "training.learning_rate": 0.02,
    "training.averaging": 0.5, "training.warmup_updates": 5, "training.precision": "fp32",
    "model.embedding_size": 8, "model.encoder_size": 8,
}  # fmt: skip


def tracks(path: Path, count: int = 40) -> Path:
    """Words of a and b, and a way that goes up for each a and down for each b."""
    draw = np.random.default_rng(1)
    with path.open("w") as file:
        for _ in range(count):
            word = "".join(draw.choice(["a", "b"], 6))
            track = np.cumsum([1.0 if letter == "a" else -1.0 for letter in word]).tolist()
            file.write(json.dumps({"word": word, "track": track}) + "\n")
    return path


def test_a_text_gets_values_and_each_answer_a_file(shell: Shell, tmp_path: Path) -> None:
    table = tracks(tmp_path / "tracks.jsonl")
    options = {"columns": "source=word:chars,target=track", "settings": SETTINGS}
    run = unspool.train(table, out=tmp_path / "run", model="tagger", **options)
    assert run.fields.task == ("text", "aligned_values") and run.evaluate(table)["rmse"] < 2
    said = shell("predict", tmp_path / "run", "--out", tmp_path / "answers", stdin=b"aabb\nbaa\n")
    assert said.code == 0
    assert [len(np.loadtxt(tmp_path / "answers" / f"{n}.csv")) for n in (1, 2)] == [4, 3]
    assert shell("predict", tmp_path / "run", "--out", tmp_path / "answers", stdin=b"a\n").code == 2
    for command in ("evaluate", "score"):
        assert shell(command, tmp_path / "run", table).code == 0


@pytest.fixture(scope="module")
def one_way(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes the mean so far of what it reads."""
    draw = np.random.default_rng(1)
    sources = [draw.normal(size=(12, 2)) for _ in range(30)]
    targets = [np.cumsum(one.sum(1, keepdims=True), 0) for one in sources]
    out = tmp_path_factory.mktemp("one-way") / "run"
    settings = SETTINGS | {"model.bidirectional": False}
    unspool.train(list(zip(sources, targets, strict=True)), out=out, model="tagger", settings=settings)
    return out


def test_a_line_in_gives_a_line_out_and_a_wrong_line_is_named(shell: Shell, one_way: Path) -> None:
    steps = np.random.default_rng(2).normal(size=(50, 2))
    lines = "x,y\n" + "".join(f"{x:.6f},{y:.6f}\n" for x, y in steps)
    said = shell("predict", one_way, "--stream", stdin=lines.encode())
    (whole,) = unspool.load(one_way).predict([np.round(steps, 6)])
    np.testing.assert_allclose(np.array(said.out.split(), dtype=float), whole.values[:, 0], atol=1e-4)
    for wrong, what in (
        (b"1,2\n1,2,3\n", "line 2: there are 3 numbers"),
        (b"1,2\nnan,1\n", "line 2: nan is not finite"),
    ):
        said = shell("predict", one_way, "--stream", stdin=wrong)
        assert said.code == 2 and what in said.err


def test_a_stream_has_one_way_to_be_printed(shell: Shell, one_way: Path) -> None:
    said = shell("predict", one_way, "--stream", "--json", stdin=b"1,2\n")
    assert said.code == 2 and "--stream cannot be combined with --json" in said.err


def test_a_model_of_both_directions_and_one_of_text_do_not_stream(shell: Shell, tmp_path: Path) -> None:
    unspool.train(tracks(tmp_path / "a.jsonl", 20), out=tmp_path / "run", model="tagger", settings=SETTINGS)
    said = shell("predict", tmp_path / "run", "--stream", stdin=b"1,2\n")
    assert said.code == 2 and "--stream is for steps of real values" in said.err


def test_where_targets_are_sound_answers_are_sound(shell: Shell, tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    for number in range(12):
        tone = 0.3 * np.sin(2 * np.pi * draw.uniform(300, 900) * np.arange(1600) / 8000)
        for side, louder in (("source", 1.0), ("target", 2.0)):
            (tmp_path / "tones" / side).mkdir(parents=True, exist_ok=True)
            write_wav(tmp_path / "tones" / side / f"{number}.wav", louder * tone, 8000)
    settings = SETTINGS | {"data.sample_rate": 8000, "data.mels": 16}
    unspool.train(tmp_path / "tones", out=tmp_path / "run", model="tagger", settings=settings)
    said = shell("predict", tmp_path / "run", tmp_path / "tones", "--out", tmp_path / "answers")
    assert said.code == 0 and len(list((tmp_path / "answers").iterdir())) == 12
    assert len(read_wav(tmp_path / "answers" / "01.wav", 8000)) == 1600
    assert "frames of sound, 16 a step" in shell("describe", tmp_path / "run").out
