"""Real values from the command line: sequences of an .npz file get a label, or a text."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import unspool
from keyboard import Shell, without_extra
from unspool.data.arrays import read_arrays
from unspool.errors import Mistake
from unspool.types import Array

SETTINGS = {
    "training.max_updates": 60, "training.batch_symbols": 256, "training.learning_rate": 0.02,
    "training.averaging": 0.8, "training.warmup_updates": 5, "training.precision": "fp32",
    "model.embedding_size": 8, "model.encoder_size": 16,
}  # fmt: skip


def write(path: Path, count: int, seed: int, **changes: Array) -> Path:
    """Two wavering lines of which one goes up or down; far from 0 and of unlike scales."""
    random = np.random.default_rng(seed)
    lengths, rising = random.integers(3, 9, count), random.integers(2, size=count)
    parts = []
    for length, up in zip(lengths, rising, strict=True):
        line = np.linspace(0, 1, length) * (1 if up else -1)
        parts.append(np.stack([1e4 + 50 * line, random.normal(size=length) * 1e-3], 1))
    targets = np.array(["down", "up"])[rising]
    arrays = {"values": np.concatenate(parts), "lengths": lengths, "targets": targets} | changes
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("model", ["classifier", "luong"])
def test_sequences_of_values_get_their_answer(model: str, shell: Shell, tmp_path: Path) -> None:
    train, dev = write(tmp_path / "train.npz", 200, 1), write(tmp_path / "dev.npz", 30, 2)
    more = {"model.decoder_size": 16, "training.max_updates": 150} if model == "luong" else {}
    run = unspool.train(train, out=tmp_path / "run", model=model, settings=SETTINGS | more)
    figures = run.evaluate(dev)
    assert figures["accuracy" if model == "classifier" else "exact_match"] >= 90
    said = shell("predict", tmp_path / "run", dev)
    assert said.code == 0 and len(said.out.split()) == 30 and {*said.out.split()} == {"up", "down"}
    assert shell("evaluate", tmp_path / "run", dev).code == 0
    assert shell("predict", tmp_path / "run", stdin=b"text\n").code == 2


@pytest.mark.parametrize("model", ["classifier", pytest.param("sutskever", marks=pytest.mark.exhaustive)])
def test_an_exported_model_of_values_answers_the_same_without_pytorch(model: str, shell: Shell, tmp_path: Path) -> None:
    more = {"model.decoder_size": 16} if model == "sutskever" else {}
    train, dev = write(tmp_path / "train.npz", 80, 1), write(tmp_path / "dev.npz", 30, 2)
    unspool.train(train, out=tmp_path / "run", model=model, settings=SETTINGS | more)
    said = shell("export", tmp_path / "run", "--to", "onnx", "--out", tmp_path / "shipped")
    assert said.code == 0 and "differ from PyTorch's by" in said.out
    for command in ("predict", "score", "evaluate"):
        done = without_extra(command, tmp_path / "shipped", dev)
        expected = shell(command, tmp_path / "run", dev).out
        ours, theirs = (re.sub(r"seconds.*|(\.\d{3})\d*", r"\1", out) for out in (done.stdout, expected))
        assert done.returncode == 0 and ours == theirs, done.stderr
    with pytest.raises(Mistake, match="2 values a row"):
        unspool.load(tmp_path / "shipped").predict([np.zeros((3, 5))])


def test_predictions_do_not_depend_on_who_is_asked_beside_them(tmp_path: Path) -> None:
    run = unspool.train(write(tmp_path / "a.npz", 40, 1), out=tmp_path / "run", model="classifier", settings=SETTINGS)
    sequences = [np.random.default_rng(n).normal(1e4, 30, (n + 1, 2)) for n in range(4)]
    together = [prediction.hypotheses[0].score for prediction in run.predict(sequences)]
    assert together == pytest.approx([run.predict([one])[0].hypotheses[0].score for one in sequences], abs=1e-4)
    with pytest.raises(Mistake, match="2 values a row"):
        run.predict([np.zeros((3, 5))])


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"values": np.zeros(5)}, "not rows of numbers"),
        ({"values": np.full((9, 2), np.nan)}, "row 0 is [nan, nan], and nan is not finite"),
        ({"lengths": np.array([1, 2])}, "lengths add up to 3"),
        ({"lengths": np.array([0, 1])}, "from 1 on"),
        ({"targets": np.array(["up"])}, "targets of shape"),
        ({"values": np.zeros((1, 2)), "lengths": np.array([2])}, "there is 1 row of values"),
        ({"values": np.zeros((2, 2)), "lengths": np.array([2])}, "there is 1 sequence, and"),
        ({"values": np.array([[0.0, 1.0], [2.0, np.inf]])}, "row 1 is [2.0, inf]"),
        ({"values": np.full((9, 2), 1e39)}, "1e+39 is larger than float32 holds"),
        ({"values": np.zeros((0, 2)), "lengths": np.zeros(0, dtype=int)}, "values and lengths are empty"),
    ],
)
def test_arrays_that_do_not_fit_together_are_a_mistake(
    changes: dict[str, Array], what: str, shell: Shell, tmp_path: Path
) -> None:
    said = shell(
        "train", write(tmp_path / "a.npz", 20, 1, **changes), "--model", "classifier", "--out", tmp_path / "run"
    )
    assert said.code == 2 and what in said.err


def test_targets_of_two_kinds_are_a_mistake(tmp_path: Path) -> None:
    both = {"target_values": np.zeros((20, 1)), "target_lengths": np.ones(20, dtype=int)}
    with pytest.raises(Mistake, match="there are targets and target_values"):
        read_arrays([write(tmp_path / "a.npz", 20, 1, **both)])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty, truncated or not an .npz file"),
        (b"no archive", "is empty, truncated or not an .npz file"),
        (b"\x93NUMPY\x01\x00", "holds one array (.npy)"),
        (b"PK\x03\x04 cut short", "cannot be read"),
    ],
)
def test_a_file_that_is_no_npz_is_a_mistake(content: bytes, what: str, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    said = shell("train", tmp_path / "a.npz", "--model", "classifier", "--out", tmp_path / "run")
    assert said.code == 2 and f"a.npz {what}" in said.err


def test_an_array_under_a_wrong_name_is_a_mistake(shell: Shell, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((4, 2)))
    (tmp_path / "a.npy").rename(tmp_path / "a.npz")
    said = shell("train", tmp_path / "a.npz", "--model", "classifier", "--out", tmp_path / "run")
    assert said.code == 2 and "holds one array (.npy), and not several (.npz)" in said.err


@pytest.fixture(scope="module")
def continued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `a.npz`, whose targets are real values, and a model of it in `run`."""
    place = tmp_path_factory.mktemp("continued")
    values, lengths = np.zeros((40, 1)), np.full(10, 4)
    np.savez(place / "a.npz", values=values, lengths=lengths, target_values=values, target_lengths=lengths)
    settings = SETTINGS | {"training.max_updates": 2, "model.decoder_size": 16}
    unspool.train(place / "a.npz", out=place / "run", model="luong", settings=settings)
    return place


@pytest.mark.parametrize(
    ("out", "more", "what"),
    [
        ("a.npz", [], "is an input or a folder"),
        ("nowhere/b.npz", [], "There is no folder"),
        ("b.txt", [], "Name it b.npz or b."),
        ("b.npz", ["--json"], "cannot be combined with --json"),
    ],
)
def test_where_answers_cannot_be_written_is_said_before_any_is_made(
    out: str, more: list[str], what: str, shell: Shell, continued: Path
) -> None:
    before = (continued / "a.npz").read_bytes()
    said = shell("predict", continued / "run", continued / "a.npz", "--out", continued / out, *more)
    assert said.code == 2 and what in said.err
    assert (continued / "a.npz").read_bytes() == before and not (continued / "b.npz").exists()


def test_draws_of_a_source_follow_each_other_in_the_file(shell: Shell, continued: Path, tmp_path: Path) -> None:
    said = shell(
        "predict", continued / "run", continued / "a.npz", "--sample", "--n-best", "3", "--out", tmp_path / "b.npz"
    )
    assert said.code == 0
    with np.load(tmp_path / "b.npz") as answers:
        assert answers["lengths"].tolist() == [4] * 30 and answers["values"].shape == (120, 1)


@pytest.mark.parametrize(
    ("more", "what", "remedy"),
    [
        (["--n-best", "2"], "--n-best 2 is for symbols", "--sample --n-best"),
        (["--beam", "3"], "--beam 3 is for symbols", "--sample"),
        (["--replace-unknown", "source"], "real values", "--replace-unknown"),
        (["--prefix", "1"], "cannot begin", "prefix"),
    ],
)
def test_what_real_values_cannot_have_is_said_before_a_source_is_read(
    more: list[str], what: str, remedy: str, shell: Shell, continued: Path
) -> None:
    said = shell("predict", continued / "run", "-", *more)
    assert said.code == 2 and what in said.lines[0] and remedy in said.lines[1] and len(said.lines) == 2


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_tokenizer_of_real_values_is_refused(side: str, shell: Shell, continued: Path, tmp_path: Path) -> None:
    given = ["--model", "luong", "--out", tmp_path / "run", "--set", f"data.{side}_tokenizer=chars"]
    said = shell("train", continued / "a.npz", *given)
    assert said.code == 2 and f"data.{side}_tokenizer=chars" in said.err
