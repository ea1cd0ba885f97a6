"""A predictor keeps nothing: notes travel with answers, threads do not mix them, and a copy answers alike."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import unspool
from unspool.answers import Notes, messages_of
from unspool.data.inputs import Files
from unspool.model import Model
from unspool.predictor import Predictor

FOLDER = Path(__file__).parent / "folders" / "0.1.0"
FORMS = ("trained", "exported")
LINES = ["abc", "fade", "xyz", "", "beef", "add", "cafe", "dead"] * 6


def model_of(form: str, name: str = "luong") -> Model:
    return unspool.load(FOLDER / name / form, "cpu")


def answers(predictor: Predictor, lines: list[str]) -> list[tuple[str, float, Notes]]:
    return [
        (one.text, round(one.hypotheses[0].score, 3) if one.hypotheses else 0.0, one.notes)
        for one in predictor.predict(lines, beam=2)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_several_threads_get_the_answers_that_one_gets(form: str) -> None:
    predictor = model_of(form).predictor
    portions = [LINES[start::8] for start in range(8)]
    expected = [answers(predictor, portion) for portion in portions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda portion: answers(predictor, portion), portions)) == expected


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["luong", "han", "copying", "values"])
def test_a_pickled_copy_answers_alike(form: str, name: str) -> None:
    model = model_of(form, name)
    copied = pickle.loads(pickle.dumps(model))
    figures = [each.evaluate(FOLDER / {"han": "labels.tsv", "values": "lines.npz"}.get(name, "pairs.tsv"))
               for each in (model, copied)]  # fmt: skip
    for one in figures:
        one.pop("seconds")
    assert figures[0] == figures[1]


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    predictor = model_of("trained").predictor
    first = answers(predictor, LINES[:4])
    answers(predictor, ["zzz" * 50, "fade"])
    assert answers(predictor, LINES[:4]) == first


def test_notes_travel_with_each_answer() -> None:
    model = model_of("trained")
    known, unknown, _ = model.predict(["abc", "axz", ""])
    assert (known.notes.unseen, unknown.notes.unseen, unknown.notes.cut) == (0, 2, False)
    (said,) = messages_of([known.notes, unknown.notes], 1000)
    assert said == "1 line holds 2 symbols that training never saw; they are read as <unk>."
    assert messages_of([known.notes], 1000) == []
    (said,) = messages_of([Notes(unseen=1)], 1000)
    assert said == "1 line holds 1 symbol that training never saw; it is read as <unk>."
    (score,) = model.score([("axz", "z")])
    assert (score.notes.unseen, score.notes.unseen_target) == (2, 1)


def test_an_evaluation_keeps_the_outcome_of_each_example() -> None:
    model = model_of("trained")
    read = model.examples(Files((FOLDER / "pairs.tsv",)))
    evaluated = model.measure(read.examples, metrics=["exact_match", "symbol_error_rate"], resamples=0)
    outcomes = evaluated.figures.outcomes
    assert len(outcomes["exact_match"]) == len(read.examples) == len(evaluated.notes)
    edits, lengths = outcomes["symbol_error_rate"].T
    assert evaluated.to_json()["symbol_error_rate"] == pytest.approx(100 * edits.sum() / lengths.sum(), abs=1e-3)
