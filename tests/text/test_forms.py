"""Forms of a text, and which one is advised."""

from __future__ import annotations

import pytest

from unspool.answers.answer import Notes, messages_of
from unspool.text.forms import FORMS, Folding, usual


def test_a_text_is_folded_as_asked() -> None:
    assert Folding()("\u00c9e\u0301") == "\u00c9e\u0301"
    assert Folding(lower=True)("\u00c9A") == "\u00e9a"
    assert Folding(lower=True, normal="NFC")("E\u0301") == "\u00e9"
    assert Folding(normal="NFD")("한") == "\u1112\u1161\u11ab"


@pytest.mark.parametrize(
    ("forms", "advised"), [([], ""), (["upper"], "upper"), (["upper", ""], "upper"), (["", "", "upper"], "")]
)
def test_a_form_of_few_texts_is_not_advised(forms: list[str], advised: str) -> None:
    assert usual(forms) == advised


def test_a_note_names_symbols_and_the_form_in_which_training_saw_them() -> None:
    notes = [Notes(unseen=2, symbols=("a", "b"), known_as="upper"), Notes(unseen=1, symbols=("a",), known_as="upper")]
    counts, advice = messages_of(notes, 10)
    assert counts == "2 lines hold 3 symbols that training never saw (a, b); they are read as <unk>."
    assert FORMS["upper"].advice in advice and "capitals" in advice
    assert len(messages_of([*notes, *[Notes(unseen=1, symbols=("ü",))] * 3], 10)) == 1
