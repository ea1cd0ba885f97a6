"""Rules of endings: what they learn from one form, and which of them a new lemma takes."""

from __future__ import annotations

import pytest

from unspool.rivals.suffix_rules import Rules


@pytest.fixture
def rules() -> Rules:
    learned = Rules()
    for lemma, tags, form in [
        ("walk", "PST", "walked"), ("talk", "PST", "talked"), ("cry", "PST", "cried"), ("try", "PST", "tried"),
        ("fragen", "PTCP", "gefragt"), ("sagen", "PTCP", "gesagt"), ("verkaufen", "PTCP", "verkauft"),
    ]:  # fmt: skip
        learned.learn(lemma, tags, form)
    return learned


def test_the_longest_known_ending_decides(rules: Rules) -> None:
    assert [rules.form(lemma, "PST") for lemma in ("balk", "dry", "ask")] == ["balked", "dried", "asked"]


def test_beginnings_change_too(rules: Rules) -> None:
    assert rules.form("jagen", "PTCP") == "gejagt"


def test_unknown_tags_leave_the_lemma_as_it_is(rules: Rules) -> None:
    assert rules.form("walk", "FUT") == "walk" and rules.form("", "PST") == "ed"


def test_what_was_learned_without_a_choice_is_given_back(rules: Rules) -> None:
    assert rules.form("cry", "PST") == "cried" and rules.form("verkaufen", "PTCP") == "geverkauft"
    assert rules.size > 10


def test_a_lemma_that_begins_like_none_keeps_its_beginning() -> None:
    learned = Rules()
    learned.learn("ab xyz", "N", "xyzlar")
    assert learned.form("qrz", "N") == "qrzlar"
