"""The validation loss, the last figures of training, and the learning curve drawn from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch

import unspool
from unspool.data.corpus import RawPair, encode_corpus
from unspool.training.learning_curve import draw_learning_curve
from unspool.training.validation import HeldOutLoss

SETTINGS = {
    "model.embedding_size": 8, "model.encoder_size": 12, "model.decoder_size": 12, "training.max_updates": 40,
    "training.validate_every": 10, "training.validate_most": 5, "data.source_tokenizer": "chars",
    "data.target_tokenizer": "chars", "decoding.beam": 3, "decoding.max_length": 8,
}  # fmt: skip
WORDS = [first + second + third for first in "abc" for second in "abc" for third in "abc"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("validated")
    for name, words in (("train", WORDS[:20]), ("valid", WORDS[20:])):
        (folder / f"{name}.tsv").write_text("".join(f"{word}\t{word[::-1]}\n" for word in words * 2), encoding="utf-8")
    unspool.train(folder / "train.tsv", valid=folder / "valid.tsv", out=folder / "run", settings=SETTINGS)
    return folder


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "run/metrics.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_validation_has_its_loss_and_the_last_line_is_what_evaluate_measures(trained: Path) -> None:
    valid = [record for record in records(trained) if record["kind"] == "valid"]
    assert len(valid) == 4 and all(record["n"] == 5 and record["nll"] > 0 for record in valid)
    last = records(trained)[-1]
    assert last["kind"] == "final" and last["n"] == 7 and last["update"] == 40
    measured = unspool.load(trained / "run").evaluate(trained / "valid.tsv")
    names = ("exact_match", "symbol_error_rate")
    assert {name: last[name] for name in names} == {name: measured[name] for name in names}


def test_the_loss_is_that_of_scores_a_token_over_all_references(trained: Path) -> None:
    model = unspool.load(trained / "run", engine="torch")
    pairs = [("abc", "cba"), ("abc", "bb"), ("b", "caab"), ("cc", "a")]
    corpus = encode_corpus([RawPair(*pair, 1) for pair in pairs], model.fields, model.config.data)
    loss = HeldOutLoss(corpus, 10, 24, torch.device("cpu"))
    scores = model.score(pairs)
    expected = -sum(score.log_prob for score in scores) / sum(len(target) + 1 for _, target in pairs)
    assert len(loss.batches) > 1
    assert loss(model.predictor.stepper.model) == pytest.approx(expected, abs=1e-4)
    assert len(HeldOutLoss(corpus, 1, 24, torch.device("cpu")).batches) == 1


def test_the_learning_curve_shows_both_losses_and_the_deciding_metric(trained: Path) -> None:
    drawing = ElementTree.parse(trained / "run/learning-curve.svg").getroot()
    texts = {element.text for element in drawing.iter() if element.text}
    assert {"nats a token", "training loss", "validation loss", "symbol error rate", "validation"} <= texts
    lines = [element for element in drawing.iter() if element.tag.endswith("polyline")]
    assert [len(line.attrib["points"].split()) for line in lines][1:] == [4, 4]


def test_one_validation_is_no_curve(tmp_path: Path) -> None:
    line = {"epoch": 0, "update": 1, "nll": 1.0}
    kinds = ("train", "valid", "final")
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps({"kind": kind} | line) + "\n" for kind in kinds))
    draw_learning_curve(tmp_path, "accuracy")
    assert not (tmp_path / "learning-curve.svg").exists()
