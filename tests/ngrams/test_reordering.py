"""A joint n-gram model in a folder orders the answers of a beam, in both engines, wherever answers are given."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unspool
from unspool.answers.answer import Answer
from unspool.cli.describe import folder_lines
from unspool.errors import Mistake
from unspool.folder import ALONG, JOINT_NGRAM
from unspool.model import Model
from unspool.ngrams.joint import LEFT_OUT, JointNgram

FOLDERS = Path(__file__).parents[1] / "folders" / "0.1.0"
LINES = ["abx", "xed", "bee", "", "dad"]
# What counts where a pair cannot be aligned, for sources of three letters.
LEAST = LEFT_OUT * 4
# Words whose every letter has one sound, and validation words that a network of five updates gets wrong.
LETTERS = {"a": "AA", "b": "B", "d": "D", "e": "EH", "k": "K", "x": "K S"}
SMALL = {"model.embedding_size": 8, "model.encoder_size": 8, "model.decoder_size": 8, "training.max_updates": 5}


def spoken(word: str) -> str:
    return " ".join(LETTERS[letter] for letter in word)


def words(count: int, seed: int) -> list[tuple[str, str]]:
    draw = np.random.default_rng(seed)
    drawn = ["".join(draw.choice([*LETTERS], draw.integers(2, 6))) for _ in range(count)]
    return [(word, spoken(word)) for word in dict.fromkeys(drawn)]


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Path:
    """A model that knows some letters, and a joint n-gram model of its training pairs."""
    sizes = {"model.embedding_size": 8, "model.encoder_size": 16, "model.decoder_size": 16}
    out = tmp_path_factory.mktemp("joint") / "run"
    settings = sizes | {"training.max_updates": 100, "training.averaging": 0.0}
    unspool.train(words(300, 1), valid=words(40, 2), out=out, settings=settings, on_message=said.append)
    return out


def shown(model: Model, **options: Any) -> list[list[Answer]]:
    return [one.hypotheses for one in model.predict(LINES, **options)]


def texts(answers: list[list[Answer]]) -> list[list[str]]:
    return [[answer.text for answer in one] for one in answers]


@pytest.mark.parametrize("weight", [0.5, 5.0])
def test_the_order_is_that_of_the_weighted_sum(folder: Path, weight: float) -> None:
    model = unspool.load(folder, "cpu")
    alone = shown(model, beam=6, n_best=6, joint_weight=0)
    # It has seen what the network finds fourth best.
    seen = [(line, found[3].text) for line, found in zip(LINES, alone, strict=True) if found]
    source, target = model.fields
    sources, targets = [source.encode(one) for one, _ in seen], [target.encode(other) for _, other in seen]
    model.predictor.joint = JointNgram.fit(sources, targets)
    both = shown(model, beam=6, n_best=6, joint_weight=weight)
    assert all(answer.joint_score is None for one in alone for answer in one)
    for before, after in zip(alone, both, strict=True):
        assert {answer.text: answer.score for answer in before} == {answer.text: answer.score for answer in after}
        ranks = [(one.finished, one.score + weight * max(one.joint_score or 0.0, LEAST)) for one in after]
        assert ranks == sorted(ranks, reverse=True)
    assert weight < 1 or [one[0].text for one in both if one] == [text for _, text in seen]
    fewer = shown(model, beam=6, n_best=2, joint_weight=weight)
    assert texts(fewer) == [one[:2] for one in texts(both)], "all of the beam are candidates"


def test_its_own_answers_are_candidates_with_the_score_of_the_network(folder: Path) -> None:
    model = unspool.load(folder, "cpu")
    alone = shown(model, beam=6, n_best=6, joint_weight=0)
    # What the network finds sixth best, so that a beam of 2 does not find it.
    seen = [(line, found[5].text) for line, found in zip(LINES, alone, strict=True) if found]
    source, target = model.fields
    joint = JointNgram.fit([source.encode(one) for one, _ in seen], [target.encode(other) for _, other in seen])
    model.predictor.joint = joint
    found = [one[0] for one in shown(model, beam=2, joint_weight=5) if one]
    assert [answer.text for answer in found] == [text for _, text in seen]
    scores = [score.log_prob for score in model.score(seen)]
    np.testing.assert_allclose([answer.score for answer in found], scores, atol=1e-4)
    assert all(len(answer.attention) == len(answer.tokens) + 1 for answer in found)
    allowed = {text for _, text in seen[1:]} | {found[0].text for found in alone if found}
    for options in ({"prefix": "B"}, {"allow": sorted(allowed)}, {"no_repeat": 1}):
        ordered = shown(model, beam=2, n_best=2, joint_weight=5, **options)
        model.predictor.joint = None
        assert [sorted(one) for one in texts(ordered)] == [
            sorted(one) for one in texts(shown(model, beam=2, n_best=2, **options))
        ], "what is asked of answers holds for those of the beam only"
        model.predictor.joint = joint


def test_without_a_beam_or_with_samples_the_network_answers_alone(folder: Path) -> None:
    model, plain = unspool.load(folder, "cpu"), unspool.load(folder, "cpu")
    plain.predictor.joint = None
    for options in ({"beam": 1}, {"sample": True, "n_best": 3}):
        found = shown(model, joint_weight=5, **options)
        assert texts(found) == texts(shown(plain, **options))
        assert all(
            answer.joint_score is None and "joint_score" not in answer.to_json() for one in found for answer in one
        )


def test_what_is_written_tells_both_scores(folder: Path) -> None:
    answer = unspool.load(folder, "cpu").predict(["abd"], beam=3)[0].hypotheses[0]
    assert answer.to_json()["score"] == answer.score and "joint_score" in answer.to_json()
    assert replace(answer, joint_score=-2.5).to_json()["joint_score"] == -2.5
    assert replace(answer, joint_score=-math.inf).to_json()["joint_score"] is None


def test_an_ensemble_is_ordered_by_the_model_of_one_of_them(folder: Path, tmp_path: Path) -> None:
    plain = Path(shutil.copytree(folder, tmp_path / "plain"))
    (plain / JOINT_NGRAM).unlink()
    expected = texts(shown(unspool.load(folder, "cpu"), beam=6, n_best=6, joint_weight=5))
    assert texts(shown(unspool.load([plain, folder], "cpu"), beam=6, n_best=6, joint_weight=5)) == expected


def test_an_exported_folder_reads_it(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(FOLDERS / "luong" / "exported", tmp_path / "exported"))
    shutil.copy(folder / JOINT_NGRAM, copied)
    assert unspool.load(copied, "cpu").predict(["abc"], beam=2)[0].hypotheses[0].joint_score is not None


def test_an_export_takes_it_along() -> None:
    assert JOINT_NGRAM in ALONG


def test_a_damaged_file_is_one_line(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "copied"))
    (copied / JOINT_NGRAM).write_bytes((copied / JOINT_NGRAM).read_bytes()[:200])
    with pytest.raises(Mistake, match=r"joint-ngram\.npz"):
        unspool.load(copied, "cpu")


def test_training_keeps_it_where_it_helps(folder: Path, said: list[str]) -> None:
    model, valid = unspool.load(folder, "cpu"), words(40, 2)
    assert model.config.decoding.beam == 5 and (folder / JOINT_NGRAM).exists()
    assert any("instead of" in message and "by the network alone" in message for message in said)
    figures, alone = (model.evaluate(valid, joint_weight=weight)["symbol_error_rate"] for weight in (None, 0))
    assert figures < alone


def test_training_leaves_it_out_where_it_does_not_help(tmp_path: Path) -> None:
    train = [(word, answer[::-1]) for word, answer in words(300, 1)]
    draw = np.random.default_rng(3)
    valid = [(word, " ".join(draw.choice([*"XYZ"], 3))) for word, _ in words(40, 2)]
    said: list[str] = []
    unspool.train(train, valid=valid, out=tmp_path / "run", settings=SMALL, on_message=said.append)
    assert not (tmp_path / "run" / JOINT_NGRAM).exists()
    assert any("left out" in message for message in said)


@pytest.mark.parametrize("setting", ["training.joint_ngram=off", "decoding.beam=1", "data.hallucinate=1.0"])
def test_it_is_not_made_where_nobody_wants_it(tmp_path: Path, setting: str) -> None:
    key, value = setting.split("=")
    pairs = [(word, word[::-1]) for word, _ in words(100, 1)] if "hallucinate" in key else words(100, 1)
    more = {key: float(value) if value == "1.0" else int(value) if value == "1" else value}
    unspool.train(pairs, valid=pairs[:20], out=tmp_path / "run", settings=SMALL | more)
    assert not (tmp_path / "run" / JOINT_NGRAM).exists()


def test_a_new_run_and_a_wish_replace_it(tmp_path: Path) -> None:
    out, pairs = tmp_path / "run", words(100, 1)
    unspool.train(pairs, valid=pairs[:20], out=out, settings=SMALL | {"training.joint_ngram": "on"})
    first = (out / JOINT_NGRAM).read_bytes()
    unspool.train(
        words(50, 3), valid=pairs[:20], out=out, settings=SMALL | {"training.joint_ngram": "on"}, overwrite=True
    )
    assert (out / JOINT_NGRAM).read_bytes() != first
    unspool.train(pairs, valid=pairs[:20], out=out, settings=SMALL | {"training.joint_ngram": "off"}, overwrite=True)
    assert not (out / JOINT_NGRAM).exists()


def test_a_resumed_run_removes_what_is_no_longer_wanted(tmp_path: Path) -> None:
    out, pairs = tmp_path / "run", words(100, 1)
    unspool.train(pairs, valid=pairs[:20], out=out, settings=SMALL | {"training.joint_ngram": "on"})
    assert (out / JOINT_NGRAM).exists()
    further = {"training.max_updates": 10, "training.joint_ngram": "off"}
    unspool.train(out=out, resume=True, settings=further)
    assert not (out / JOINT_NGRAM).exists()


@pytest.mark.parametrize("more", [{"model.name": "classifier"}, {"model.name": "luong", "model.copying": True}])
def test_it_is_for_texts_that_become_texts(tmp_path: Path, more: dict[str, Any]) -> None:
    with pytest.raises(Mistake, match="joint n-gram model is for texts"):
        unspool.train(words(50, 1), out=tmp_path / "run", settings={"training.joint_ngram": "on"} | more)


def test_describe_counts_it(folder: Path) -> None:
    (line,) = [line for line in folder_lines(folder) if line.startswith("joint n-grams")]
    assert f"{unspool.load(folder, 'cpu').predictor.joint.model.size:,} n-grams" in line  # type: ignore[union-attr]
