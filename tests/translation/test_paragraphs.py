from __future__ import annotations

import numpy as np
import pytest

from unspool.answers.answer import Answer, Notes, Prediction
from unspool.translation.paragraphs import answer_parts, split

TEXT = "A b c. D e f! G h i? J k l."


def words(text: str) -> int:
    return len(text.split())


def answer(sources: list[str]) -> list[Prediction]:
    """A model of words: each in capitals, and as attention the word of the same place; EOS attends to the last."""
    found = []
    for source in sources:
        tokens = source.split()
        weights = np.eye(len(tokens) + 1, len(tokens))
        weights[-1, -1:] = 1
        said = Answer(source.upper(), -1.0, [token.upper() for token in tokens], weights)
        found.append(Prediction(source, tokens, [said], notes=Notes(unseen=1, symbols=("b",))))
    return found


@pytest.mark.parametrize("longest", [12, 20])
def test_what_is_as_short_as_in_training_stays_whole(longest: int):
    assert split(TEXT, longest, words) == [TEXT]


def test_a_single_sentence_is_never_cut():
    assert split("a b c d e f g", 3, words) == ["a b c d e f g"]


def test_neighbours_stay_together_as_long_as_they_fit():
    assert split(TEXT, 7, words) == ["A b c. D e f!", " ", "G h i? J k l."]
    assert split(TEXT, 3, words) == ["A b c.", " ", "D e f!", " ", "G h i?", " ", "J k l."]


def test_the_parts_are_one_answer_again():
    sources = [TEXT, "a b", "   "]
    whole, short, blank = answer_parts(sources, [split(source, 7, words) for source in sources], answer)
    assert (whole.source, whole.text, short.text, blank.source) == (TEXT, TEXT.upper(), "A B", "   ")
    (said,) = whole.hypotheses
    assert said.score == -2.0 and said.tokens == TEXT.upper().split() and said.finished
    assert whole.source_tokens == TEXT.split() and whole.notes == Notes(unseen=2, symbols=("b",))
    assert said.attention.shape == (13, 12)
    assert np.array_equal(said.attention[:12], np.eye(12))


def test_line_breaks_between_sentences_stay():
    text = TEXT.replace("! ", "!\n\n  ")
    (whole,) = answer_parts([text], [split(text, 3, words)], answer)
    assert whole.text == text.upper()
