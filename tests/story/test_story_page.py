"""What the page says of figures whose meaning is known, and that it says the same in both languages."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest

from unspool.report.texts import texts_of
from unspool.story import chapters_of_a_context as of_a_context
from unspool.story import chapters_of_attention as of_attention
from unspool.story import chapters_of_one_network as of_one_network
from unspool.story.chapter import ChapterWriter, StoryWords

TEXTS = texts_of("unspool.story")
NAMES = ("cho", "cho-scheduled", "recall-rnn", "recall-gru", "recall-lstm", "recall-attention")
TRAINED = {name: {"seconds": 12.0, "updates": 1234} for name in NAMES}


def text_of(chapter: ChapterWriter) -> str:
    return re.sub(r"<[^>]+>", " ", " ".join(chapter.html))


def lengths(**right: float) -> dict[str, Any]:
    """The figures of chapters 4, 6 and 9, with these shares of right answers, at every length."""
    names = ("sutskever", "sutskever-forward", "cho", "bahdanau", "luong", "luong-local", "transformer")
    found: dict[str, Any] = {"learned": 10, "longest": 20, "late": 8, "each": 20, "words": [["abe", "abobe"]]}
    for name in names:
        share = right.get(name.replace("-", "_"), 50.0)
        found[name] = {
            "by_length": [[length, share] for length in range(2, 21)], "learned": share, "late": share,
            "longer": share, "parameters": 1000, "milliseconds": 0.5, "answers": ["abobe" if share > 60 else "abo"],
        }  # fmt: skip
    return {"lengths": found, "trained": {name: {"seconds": 12.0, "updates": 10} for name in names}}


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    places = {
        language: {
            key: sorted(name for _, name, _, _ in Formatter().parse(text) if name) for key, text in texts.items()
        }
        for language, texts in TEXTS.items()
    }
    assert places["en"] == places["ko"]
    assert not [key for key, text in TEXTS["ko"].items() if "title" in key and not re.search("[가-힣]", text)]


@pytest.mark.parametrize(
    ("backward", "said", "unsaid"),
    [(90.0, "The trick of 2014 works", "has not paid"), (40.0, "has not paid", "works in your models")],
)
def test_reading_backwards_is_praised_only_where_it_helped(backward: float, said: str, unsaid: str) -> None:
    text = text_of(of_a_context.context(lengths(sutskever=backward, sutskever_forward=42.5), StoryWords("en")))
    assert said in text and unsaid not in text and "42.5 %" in text and f"{backward:g} %" in text


def test_a_wrong_answer_has_a_cross() -> None:
    text = text_of(of_a_context.context(lengths(sutskever=90.0, cho=20.0), StoryWords("en")))
    assert "abo ×" in text and "abobe ×" not in text


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"sutskever": 30.0, "cho": 20.0, "bahdanau": 95.0, "luong": 90.0},
         ("One vector for everything breaks first", "What bahdanau learned")),
        ({"sutskever": 30.0, "cho": 20.0, "bahdanau": 60.0, "luong": 50.0},
         ("One vector for everything breaks first", "bahdanau takes the most")),
        ({"sutskever": 30.0, "cho": 20.0, "bahdanau": 0.0, "luong": 80.0},
         ("luong keeps what one vector loses", "What luong learned")),
        ({"sutskever": 50.0, "cho": 48.0, "bahdanau": 50.0, "luong": 45.0},
         ("attention has not won here", "does not simply hold")),
    ],
)  # fmt: skip
def test_attention_wins_only_where_it_won(shares: dict[str, float], said: tuple[str, str]) -> None:
    text = text_of(of_a_context.lengths(lengths(**shares), StoryWords("en")))
    assert all(one in text for one in said)
    assert all(f"{name} {share:g} %" in text for name, share in shares.items())


@pytest.mark.parametrize(
    ("transformer", "said"),
    [(90.0, "the Transformer is ahead"), (52.0, "about level"), (10.0, "recurrence still pays")],
)
def test_the_transformer_is_judged_by_its_figures(transformer: float, said: str) -> None:
    text = text_of(of_attention.transformer(lengths(transformer=transformer), StoryWords("en")))
    assert said in text and f"{transformer:g} %" in text


@pytest.mark.parametrize(
    ("right", "own", "scheduled", "said"),
    [
        (95.0, 60.0, 70.0, ["35 points are the exposure bias", "10 points more (updates: cho 1,234"]),
        (
            95.0,
            60.0,
            60.5,
            ["35 points are", "no clear difference (0.5 points; updates: cho 1,234,"],
        ),
        (80.0, 79.5, 60.0, ["hardly an exposure bias", "19.5 points less"]),
    ],
)
def test_the_exposure_bias_is_what_was_measured(right: float, own: float, scheduled: float, said: list[str]) -> None:
    found = {"by_place_right": [[2.0, right]], "by_place_own": [[2.0, own]], "after_right": right, "after_own": own}
    example = {"word": "ba", "right": ["b", "o", "b", "a", "</s>"], "after_right": ["b", "o", "b", "a", "</s>"],
               "after_own": ["b", "</s>"], "fell": 3}  # fmt: skip
    feeding = {"shortest": 7, "longest": 10, "cho": found, "cho-scheduled": found | {"after_own": scheduled},
               "example": example}  # fmt: skip
    text = text_of(of_a_context.feeding({"feeding": feeding, "trained": TRAINED}, StoryWords("en")))
    assert all(one in text for one in said)
    assert "</s>×" in re.sub(r"&lt;|&gt;", lambda found: "<" if found[0] == "&lt;" else ">", text)


@pytest.mark.parametrize(
    ("rnn", "lstm", "said"),
    [(15.0, 99.0, "has forgotten what the gates have kept"), (95.0, 99.0, "about as well"), (14.0, 15.0, "No network")],
)
def test_the_plain_network_has_forgotten_only_where_it_did(rnn: float, lstm: float, said: str) -> None:
    def cell(far: float) -> dict[str, Any]:
        return {"near": 99.0, "far": far, "by_distance": [[1.0, 99.0], [28.0, far]], "fallen": 0.5,
                "gradients": [[1.0, 0.1], [30.0, 0.2]]}  # fmt: skip

    found = {
        "letters": 8,
        "length": 31,
        "many": 27,
        "chance": 12.5,
        "rnn": cell(rnn),
        "gru": cell(lstm),
        "lstm": cell(lstm),
        "attention": cell(99.0),
    }
    text = text_of(of_one_network.forgetting({"forgetting": found, "trained": TRAINED}, StoryWords("en")))
    assert said in text and f"RNN {rnn:g} %" in text and "LSTM: grows 2.0 times" in text


@pytest.mark.parametrize(
    ("fallen", "said"),
    [
        ((8e9, 9.8, 2.0), "loses the least"),
        ((8e9, 9.8, 20.0), "not kept more than they here"),
        ((5.0, 9.8, 2.0), "have not kept more of the gradient than the plain RNN"),
    ],
)
def test_what_gradients_say_follows_their_order(fallen: tuple[float, float, float], said: str) -> None:
    def network(factor: float) -> dict[str, Any]:
        return {"near": 99.0, "far": 99.0, "by_distance": [[1.0, 99.0]], "fallen": factor, "gradients": [[1.0, 0.1]]}

    networks = dict(zip(("rnn", "lstm", "attention"), map(network, fallen), strict=True))
    found = {"letters": 8, "length": 31, "many": 27, "chance": 12.5, "gru": networks["lstm"], **networks}
    text = text_of(of_one_network.forgetting({"forgetting": found, "trained": TRAINED}, StoryWords("en")))
    assert said in text and "LSTM with attention: shrinks" in text
