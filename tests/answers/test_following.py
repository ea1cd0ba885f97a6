"""A caller of `predict` may follow answers while they are written, and give them up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import unspool
from unspool.answers.following import Following
from unspool.fields.field import Decoded

FOLDER = Path(__file__).parents[1] / "folders" / "0.1.0"


@pytest.mark.parametrize("form", ["trained", "exported"])
@pytest.mark.parametrize("name", ["luong", "copying", "korean"])
def test_an_answer_grows_to_what_it_is_in_the_end(name: str, form: str) -> None:
    predictor = unspool.load(FOLDER / name / form, "cpu").predictor
    grown: dict[int, list[Decoded]] = {}
    following = Following(lambda number: True, lambda number, so_far: grown.setdefault(number, []).append(so_far))
    sources = ["abc", "", "fade"] if name != "korean" else ["가나", "", "다"]
    answers = predictor.predict(sources, following=following, max_length=9)
    for number, answer in enumerate(answers):
        texts = grown.get(number, [])
        assert (texts[-1].text if texts else "") == answer.text
        assert [len(one.tokens) for one in texts] == list(range(1, len(texts) + 1))


def test_what_nobody_wants_has_no_answer_and_disturbs_no_other() -> None:
    predictor = unspool.load(FOLDER / "luong" / "exported", "cpu").predictor
    alone = predictor.predict(["abc", "fade", "beef"], beam=3)
    some = predictor.predict(["abc", "fade", "beef"], beam=3, following=Following(lambda number: number != 1))
    assert [one.text for one in some] == [alone[0].text, "", alone[2].text]
    assert some[1].hypotheses == []


def test_samples_depend_on_the_number_that_is_given_for_each_source() -> None:
    predictor = unspool.load(FOLDER / "luong" / "exported", "cpu").predictor
    options: dict[str, Any] = {"sample": True, "max_length": 12, "seed": 3}
    several = predictor.predict(["abc", "abc", "fade"], start=[7, 0, 7], **options)
    for source, number, answer in zip(["abc", "abc", "fade"], [7, 0, 7], several, strict=True):
        assert predictor.predict([source], start=number, **options)[0].text == answer.text
