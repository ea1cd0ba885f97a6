"""A predictor keeps nothing: notes travel with answers, threads do not mix them, and a copy answers alike."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import unspool
from unspool.answers.answer import Notes, messages_of
from unspool.data.inputs import Files
from unspool.errors import Mistake
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
    said, cut = messages_of([known.notes, unknown.notes], 1000)
    assert cut == "2 answers were cut at the maximum length (--max-length, decoding.max_length)."
    assert said == "1 line holds 2 symbols that training never saw (x, z); they are read as <unk>."
    assert messages_of([known.notes._replace(answer_cut=False)], 1000) == []
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


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("settings", [{}, {"beam": 3, "n_best": 3}, {"sample": True, "n_best": 3}])
def test_a_cut_answer_says_so_in_both_engines(form: str, settings: dict[str, Any]) -> None:
    model = model_of(form)
    for longest in (1, 200):
        for prediction in model.predict(["abc", "fade"], max_length=longest, **settings):
            for answer in prediction.hypotheses:
                assert answer.finished is (len(answer.tokens) < longest)
                assert answer.to_json()["finished"] is answer.finished
            assert prediction.notes.answer_cut is not prediction.hypotheses[0].finished


def test_a_prefix_is_complete_text_also_where_letters_make_syllables() -> None:
    model = model_of("trained", "korean")
    tokenizer = model.fields.target.tokenizer  # type: ignore[attr-defined]
    lead, vowel = (next(s for s in tokenizer.vocabulary.ids if low <= s <= high) for low, high in ("ᄀᄒ", "ᅡᅵ"))
    prefix = tokenizer.join([lead, vowel])
    assert len(prefix) == 1 and len(tokenizer.changing(tokenizer.encode(prefix)))
    answers = model.predict(["seoul"], prefix=prefix, sample=True, n_best=20, temperature=9.0)[0].hypotheses
    assert all(answer.text.startswith(prefix) for answer in answers)


def test_a_prefix_may_be_copied_from_its_source() -> None:
    model = model_of("trained", "copying")
    [answer] = model.predict(["a§b"], prefix="§")
    assert answer.text.startswith("§")
    with pytest.raises(Mistake, match="No answer can begin"):
        model.predict(["ab"], prefix="§")
