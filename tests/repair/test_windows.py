import random

import pytest

from broken_code import C_TEXT, PYTHON_TEXT, TEXTS
from unspool.repair.edits import difference
from unspool.repair.examples import CodePair, break_by_hand, breaking_examples, examples_of, symbols_of
from unspool.repair.language import Complaint
from unspool.repair.languages import PYTHON, C
from unspool.repair.misspelt import Misspelt
from unspool.repair.places import Place, places
from unspool.repair.window import EDITABLE, NOWHERE, CodeSymbols, CodeWindow

SYMBOLS = CodeSymbols(PYTHON, PYTHON.words)


def window(text, line=1, column=1, message="", language=PYTHON):
    code = language.lexer.read(text)
    complaint = Complaint(line, column, message)
    return CodeWindow(code, places(code, complaint, language)[0], complaint, CodeSymbols(language, language.words))


@pytest.mark.parametrize("seed", range(40))
def test_an_answer_is_the_edit_that_it_was_made_of(seed):
    critic, chance = PYTHON.critic(None), random.Random(seed)
    for pair in break_by_hand(PYTHON_TEXT, PYTHON, critic, chance):
        broken, fixed = PYTHON.lexer.read(pair.broken), PYTHON.lexer.read(pair.fixed)
        edit = difference(broken, fixed, PYTHON.lexer)
        if edit is None:
            continue
        for place in places(broken, pair.complaint, PYTHON):
            looked = CodeWindow(broken, place, pair.complaint, SYMBOLS)
            target = looked.target(edit)
            if target is not None:
                assert looked.edit(target) == edit


def test_what_is_not_common_becomes_a_slot_and_comes_back():
    looked = window("total = 'a b' + frobnicate(\n", 1, 27, "'(' was never closed")
    assert looked.source[:2] == ["?_was_never_closed", "("]
    assert "NAME_1" in looked.source and "STR_1" in looked.source and "frobnicate" not in looked.source
    assert looked.edit(["@6", "@6", "NAME_2", ")"]).texts == ("frobnicate", ")")


@pytest.mark.parametrize(
    "answer", ["", "@1", "@2 @1", "@0 @99", "x @1", "@0 @1 NAME_9", NOWHERE, "@0 @0 <unk>", "@0 @0"]
)
def test_an_answer_that_is_no_edit_is_none(answer):
    assert window("total = (\n").edit(answer.split()) is None


def test_what_is_put_around_tokens_does_not_copy_them():
    looked = window('print "best", best\n', 1, 1)
    lexer = PYTHON.lexer
    edit = difference(looked.code, lexer.read('print("best", best)\n'), lexer)
    answer = ["@2", "@5", "(", "<old>", ")"]
    assert looked.target(edit) == answer
    assert looked.edit(answer) == edit


def test_the_place_and_the_word_that_was_meant_are_marked():
    looked = window("whlie x:\n    y\n", 1, 7)
    assert looked.source[looked.source.index("<here>") + 1] == "NAME_2"
    assert looked.source[looked.source.index("NAME_1") + 1] == "~while"


def test_a_line_of_any_length_has_a_window_around_the_place():
    looked = window("x = [" + "1, " * 500 + "2\n", 1, 900)
    assert looked.last - looked.first <= EDITABLE
    assert "<here>" in looked.source
    assert len(looked.source) < 150


def test_indentation_is_relative_and_comes_back_as_the_file_has_it():
    text = "if x:\n\tif y:\n\t\tz\n\tw\n"
    looked = window(text, 3, 3)
    assert looked.source.count("|-1") == 2
    assert looked.edit([*_marks(looked, "\n\t\t"), "|1"]).texts == ("\n\t\t\t",)


def _marks(looked, text):
    place = looked.code.texts.index(text) - looked.first
    return [f"@{place}", f"@{place + 1}"]


def test_lines_that_declare_are_looked_at_for_a_missing_name():
    code = C.lexer.read(C_TEXT.replace("int i, n", "int n"))
    complaint = Complaint(5, 8, "'i' undeclared (first use in this function)")
    assert [place.row for place in places(code, complaint, C)][:2] == [4, 2]


def test_nothing_to_look_at_in_an_empty_file():
    assert places(PYTHON.lexer.read("  # nothing\n"), Complaint(1, 1, ""), PYTHON) == []


def test_examples_tell_where_a_mistake_is_and_where_it_is_not():
    broken = C_TEXT.replace("int i, n", "int n")
    complaint = Complaint(5, 8, "'i' undeclared (first use in this function)")
    symbols = CodeSymbols(C, C.words | {"i", "n"})
    found = [examples_of(CodePair(broken, C_TEXT, complaint), None, symbols, random.Random(n)) for n in range(20)]
    targets = {target for example in found for _, target in example}
    assert NOWHERE in targets and any(target.endswith("i ,") for target in targets)


@pytest.mark.parametrize("name", TEXTS)
def test_a_breaker_learns_the_edit_turned_round(name):
    language, text = TEXTS[name]
    at = text.index("(")
    symbols = symbols_of([text], language)
    ((source, target),) = breaking_examples(CodePair(text[:at] + " " + text[at + 1 :], text), symbols)
    assert source.startswith("<said>")
    code = language.lexer.read(text)
    edit = CodeWindow(code, Place(code.row_of(code.token_at(at)), False), None, symbols).edit(target.split())
    assert code.texts[edit.start : edit.end] == ["("] and not edit.texts


@pytest.mark.parametrize("name", ["whlie", "whle", "whhile", "While", "wgile"])
def test_a_misspelt_word_is_recognised(name):
    assert Misspelt(["while", "print", "if", "in"]).meant(name) == "while"


@pytest.mark.parametrize("name", ["while", "xyzzy", "i", "a"])
def test_another_name_is_no_misspelt_word(name):
    assert Misspelt(["while", "print", "if", "in"]).meant(name) is None
