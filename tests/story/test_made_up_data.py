"""The data of the story are what the chapters say of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from unspool.story.alignments import places_of
from unspool.story.greetings import WORDS, greetings, next_letters
from unspool.story.lessons import LESSONS
from unspool.story.marked_letters import LONGEST, MARK, at_distances, marked_letters
from unspool.story.reviews import reviews
from unspool.story.secret_language import LEARNED, made_up_word, say_secretly, word_pairs
from unspool.story.tables import TABLES, write_tables


def test_shares_of_next_letters_are_those_of_the_text() -> None:
    text = f" {greetings(5000, seed=5)}"
    for beginning in ("", "h", "he", "hel", "hell"):
        begun = f" {beginning}"
        after = Counter(
            text[place + len(begun)] for place in range(len(text) - len(begun)) if text.startswith(begun, place)
        )
        for letter, share in next_letters(beginning).items():
            assert abs(100 * after[letter] / after.total() - share) < 4
        assert set(after) == set(next_letters(beginning))
    assert next_letters("hello") == {" ": 100.0} and set(greetings(100, 1).split()) == set(WORDS)


def test_the_marked_letter_is_as_far_from_the_end_as_it_says() -> None:
    for one in [*marked_letters(500, seed=4), *at_distances(2, seed=4)]:
        place = one.source.index(MARK) + 1
        assert one.source[place] == one.letter and len(one.source) - place - 1 == one.distance
    assert {one.distance for one in marked_letters(3000, seed=4)} == set(range(LONGEST))


def test_each_letter_of_an_answer_has_its_place_in_the_word() -> None:
    draw = Random(7)
    for length in range(1, 20):
        word = made_up_word(draw, length)
        said, places = say_secretly(word), places_of(word)
        assert len(word) == length and len(places) == len(said)
        assert all(letter in ("o", word[place]) for letter, place in zip(said, places, strict=True))
    assert {len(pair.word) for pair in word_pairs(500, 1)} == set(range(1, LEARNED + 1))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_sentences_that_decide_speak_of_the_restaurant_and_agree_with_the_label(language: str) -> None:
    found = reviews(language, 400, seed=9)
    assert {one.label for one in found} == {"good", "bad"}
    about = {"en": ("soup", "bread", "fish", "coffee", "waiter", "dessert", "menu", "service"),
             "ko": ("국물", "빵", "생선", "커피", "직원", "후식", "반찬", "서비스")}[language]  # fmt: skip
    for one in found:
        sentences = one.text.split(". ")
        assert one.deciding == tuple(
            place for place, text in enumerate(sentences) if any(name in text for name in about)
        )
    denied = {"en": "was not bad", "ko": "나쁘지 않았다"}[language]
    said = [one.label for one in found for place in one.deciding if denied in one.text.split(". ")[place]]
    assert said and set(said) == {"good"}


def test_tables_are_the_same_every_time_and_stay(tmp_path: Path) -> None:
    once, again = write_tables(tmp_path / "one"), write_tables(tmp_path / "two")
    for name in TABLES:
        assert once[name].data[0].read_bytes() == again[name].data[0].read_bytes()
        assert once[name].data[0].read_bytes() != once[name].valid[0].read_bytes()
    mine = once["secret"].data[0]
    mine.write_text("a\ta\n")
    assert write_tables(tmp_path / "one")["secret"].data[0].read_text() == "a\ta\n"


def test_lessons_have_names_of_their_own_and_compared_ones_the_same_table() -> None:
    assert len({lesson.name for lesson in LESSONS}) == len(LESSONS)
    assert {lesson.table for lesson in LESSONS} == set(TABLES)
    assert len({lesson.updates for lesson in LESSONS if lesson.table == "secret"}) == 1, "they are compared"
