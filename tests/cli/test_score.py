"""`score`: how likely a model finds given answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unspool
from keyboard import Said, Shell
from unspool.errors import Mistake

WORDS = ["bade", "komi", "mita", "ba", "somusomu"]
QUICK = {
    "training.max_updates": 5, "training.precision": "fp32", "model.embedding_size": 8, "model.encoder_size": 16,
}  # fmt: skip


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


@pytest.mark.parametrize("search", [{}, {"beam": 4, "n_best": 4}, {"sample": True, "n_best": 3}])
def test_of_what_predict_wrote_it_is_predicts_own_score(trained: Path, exported: Path, search: dict[str, Any]) -> None:
    for folders in (trained, exported, [trained, exported]):
        model = unspool.load(folders)
        found = [(word, answer) for word, prediction in zip(WORDS, model.predict(WORDS, **search), strict=True)
                 for answer in prediction.hypotheses]  # fmt: skip
        scores = model.score([(word, answer.text) for word, answer in found])
        assert [score.log_prob for score in scores] == pytest.approx([answer.score for _, answer in found], abs=1e-5)
        assert [score.symbols for score in scores] == [len(answer.tokens) + 1 for _, answer in found]


def test_all_answers_of_one_symbol_and_the_empty_one_have_their_share(trained: Path) -> None:
    model = unspool.load(trained)
    firsts = model.predict(["bade"], max_length=1, beam=30, n_best=30)[0].hypotheses
    (empty,) = model.score([("bade", "")])
    assert empty.symbols == 1 and empty.log_prob == pytest.approx(next(a.score for a in firsts if not a.tokens))
    assert sum(np.exp(answer.score) for answer in firsts) == pytest.approx(1, abs=1e-4)


def test_a_pair_is_a_line_in_the_order_of_the_file(shell: Shell, trained: Path, tmp_path: Path) -> None:
    rows = [("bade", "edab"), ("komi", "imok"), ("bade", "x"), ("bade", "edab")]
    (tmp_path / "test.tsv").write_text("".join(f"{source}\t{target}\n" for source, target in rows))
    said = shell("score", trained, tmp_path / "test.tsv")
    assert said.code == 0, said
    expected = unspool.load(trained).score(rows)
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert [int(symbols) for _, symbols, _ in lines] == [5, 5, 2, 5]
    for (total, symbols, mean), score in zip(lines, expected, strict=True):
        assert float(total) == pytest.approx(score.log_prob, abs=1e-5)
        assert float(mean) == pytest.approx(float(total) / int(symbols), abs=1e-5)
    assert lines[0] == lines[3]
    assert shell("score", trained, "--source", tmp_path / "a", stdin=b"").code == 2
    for name, side in zip("ab", zip(*rows, strict=True), strict=True):
        (tmp_path / name).write_text("".join(f"{text}\n" for text in side))
    assert shell("score", trained, "--source", tmp_path / "a", "--target", tmp_path / "b").out == said.out


def test_json_says_what_was_scored(shell: Shell, trained: Path, pairs: Path) -> None:
    made = [json.loads(line) for line in shell("score", trained, pairs, "--json").out.splitlines()]
    assert [f"{one['source']}\t{one['target']}" for one in made] == pairs.read_text().splitlines()
    assert made[0].keys() == {"source", "target", "log_prob", "symbols", "per_symbol"}


def test_symbols_never_seen_are_scored_as_unknown_and_said(shell: Shell, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "test.tsv").write_text("b\u00e9de\ted\u00e9b\n")
    said = shell("score", trained, tmp_path / "test.tsv")
    assert said.code == 0
    assert said.err == "1 line holds 2 symbols that training never saw (é); they are read as <unk>.\n"


def test_several_models_score_as_one(shell: Shell, trained: Path, exported: Path, pairs: Path) -> None:
    alone, both = (shell("score", *folders, pairs).out for folders in ([trained], [trained, exported]))
    numbers = [np.array([line.split("\t") for line in out.splitlines()], dtype=float) for out in (alone, both)]
    np.testing.assert_allclose(numbers[0], numbers[1], atol=1e-4)


def test_a_label_has_its_probability_and_an_unknown_one_none(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "labels.tsv").write_text("".join(f"{'ab'[n % 2]}{n}\t{('up', 'down')[n % 2]}\n" for n in range(40)))
    model = unspool.train(tmp_path / "labels.tsv", out=tmp_path / "run", model="classifier", settings=QUICK)
    up, down, other = model.score([("a1", "up"), ("a1", "down"), ("a1", "sideways")])
    assert np.exp(up.log_prob) + np.exp(down.log_prob) == pytest.approx(1, abs=1e-5)
    assert up.symbols == 1 and other.log_prob == -np.inf and other.to_json()["log_prob"] is None
    (prediction,) = model.predict(["a1"])
    assert prediction.hypotheses[0].score == pytest.approx(max(up.log_prob, down.log_prob))
    (tmp_path / "test.tsv").write_text("a1\tsideways\n")
    assert shell("score", tmp_path / "run", tmp_path / "test.tsv").out == "-inf\t1\t-inf\n"
    with pytest.raises(Mistake, match="0 symbols, and the model writes 1"):
        model.score([("a1", " ")])


def test_a_label_for_each_item(tmp_path: Path) -> None:
    (tmp_path / "tags.tsv").write_text("".join(f"a{n} b c\tX Y Z\n" for n in range(40)))
    settings = QUICK | {"data.source_tokenizer": "words", "data.target_tokenizer": "words"}
    model = unspool.train(tmp_path / "tags.tsv", out=tmp_path / "run", model="tagger", settings=settings)
    (prediction,) = model.predict(["b c b"])
    (score,) = model.score([("b c b", prediction.text)])
    assert score.log_prob == pytest.approx(prediction.hypotheses[0].score, abs=1e-5) and score.symbols == 3
    with pytest.raises(Mistake, match="2 symbols, and the model writes 3"):
        model.score([("b c b", "X Y")])


def test_a_label_for_each_item_that_is_left_of_a_source_that_is_cut(tmp_path: Path) -> None:
    (tmp_path / "tags.tsv").write_text("".join(f"a{n} b\tX Y\n" for n in range(40)))
    model = unspool.train(tmp_path / "tags.tsv", out=tmp_path / "run", model="tagger",
                          settings=QUICK | {"data.max_source": 2})  # fmt: skip
    whole, cut = model.score([("a1 b", "X Y"), ("a1 b b b", "X Y Y Y")])
    assert cut.notes.cut and not whole.notes.cut
    assert (cut.symbols, cut.log_prob) == (2, pytest.approx(whole.log_prob, abs=1e-5))


def test_real_values_and_how_running_text_goes_on(tmp_path: Path) -> None:
    values, lengths = np.random.default_rng(1).normal(size=(80, 2)), np.full(20, 4)
    np.savez(tmp_path / "a.npz", values=values, lengths=lengths, targets=np.array(["up", "down"] * 10))
    model = unspool.train(tmp_path / "a.npz", out=tmp_path / "run", model="classifier", settings=QUICK)
    (prediction,) = model.predict([values[:4]])
    (score,) = model.score([(values[:4], prediction.text)])
    assert score.log_prob == pytest.approx(prediction.hypotheses[0].score, abs=1e-5) and score.source == ""
    (tmp_path / "text.txt").write_text("The one and the other.\n" * 50)
    text = unspool.train(tmp_path / "text.txt", out=tmp_path / "text", model="graves", settings={
        "training.max_updates": 5, "training.precision": "fp32", "model.size": 8,
    })  # fmt: skip
    (prediction,) = text.predict(["The on"], max_length=7)
    (score,) = text.score([("The on", prediction.text)])
    assert score.log_prob == pytest.approx(prediction.hypotheses[0].score, abs=1e-4) and score.symbols == 7


def test_what_is_no_table_is_a_mistake(shell: Shell, trained: Path, tmp_path: Path) -> None:
    refused(shell("score", trained), "No data was given")
    refused(shell("score", trained, tmp_path / "nowhere.tsv"), "nowhere.tsv")
