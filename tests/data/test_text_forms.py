"""What is said of case and Unicode form."""

from __future__ import annotations

import unicodedata

from unspool.data.text_forms import split_by_form, unlike_case, unlike_forms

COMPOSED = ["한국", "é", "plain"]
DECOMPOSED = [unicodedata.normalize("NFD", text) for text in COMPOSED]


def test_case_that_splits_words_is_said_with_the_setting() -> None:
    (said,) = split_by_form("source", ["The cat", "the Cat", "a dog"])
    assert "6 different words, 4 without" in said and "data.lowercase=source" in said
    assert [*split_by_form("source", ["a cat", "The dog", "the end", *map(str, range(99))])] == []


def test_mixed_unicode_forms_are_said() -> None:
    (said,) = split_by_form("target", [*COMPOSED, *DECOMPOSED])
    assert "data.normalize=NFC" in said
    assert [*split_by_form("target", COMPOSED), *split_by_form("target", DECOMPOSED)] == []


def test_validation_in_another_form_is_said() -> None:
    (said,) = unlike_forms("source", COMPOSED, DECOMPOSED)
    assert "training data is in composed form" in said
    (said,) = unlike_forms("source", DECOMPOSED, COMPOSED)
    assert "validation data is in composed form" in said
    assert [*unlike_forms("source", COMPOSED, ["other", "글"])] == []


def test_letters_that_training_has_in_the_other_case_only_are_named() -> None:
    (said,) = unlike_case("source", "ABCdefD", "abfx7")
    assert "2 letters that training has only as capitals: a b" in said
    assert [*unlike_case("source", "abc", "cab#")] == []
