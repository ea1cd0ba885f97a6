import shutil
import time

import pytest

from broken_code import C_TEXT, PYTHON_TEXT, KnowsTheFix
from unspool.errors import Mistake
from unspool.repair.baselines import CommonEdits, delete_line
from unspool.repair.edits import TokenEdit
from unspool.repair.evaluation import evaluate_repairs, figures
from unspool.repair.examples import CodePair
from unspool.repair.gcc import GccCritic
from unspool.repair.language import Complaint
from unspool.repair.languages import PYTHON, C
from unspool.repair.python_critic import PythonCritic
from unspool.repair.repairer import BOUNDS, repair

gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is absent")
BROKEN = PYTHON_TEXT.replace("== 0:", "== 0")
# What the network proposes, and nothing else.
ASKED = BOUNDS._replace(simple=0)


def test_a_text_that_compiles_is_returned_as_it_is_and_nobody_is_asked():
    fixer = KnowsTheFix("")
    found = repair(PYTHON_TEXT, fixer, PythonCritic())
    assert (found.text, found.edits, found.whole, fixer.asked) == (PYTHON_TEXT, 0, True, 0)


def test_the_edit_that_satisfies_the_critic_is_made():
    found = repair(BROKEN, KnowsTheFix(PYTHON_TEXT), PythonCritic())
    assert (found.text, found.edits, found.whole) == (PYTHON_TEXT, 1, True)


def test_a_smaller_edit_comes_before_a_larger_one():
    code = PYTHON.lexer.read(BROKEN)
    row = code.row(2)
    whole_line = TokenEdit(row[0], row[1], ("\n    ", "if", "width", ":"))
    found = repair(BROKEN, KnowsTheFix(PYTHON_TEXT, others=[whole_line]), PythonCritic())
    assert found.text == PYTHON_TEXT


def test_an_edit_that_helps_nothing_is_not_kept():
    found = repair(BROKEN, KnowsTheFix(BROKEN, others=[TokenEdit(1, 2, ("class",))]), PythonCritic(), ASKED)
    assert found.text == BROKEN and not found.whole and not found.edits


def test_several_errors_are_repaired_one_after_another():
    class Both(KnowsTheFix):
        def candidates(self, windows):
            self.fixed = PYTHON_TEXT.replace("range(10)", "range(10") if self.asked == 0 else PYTHON_TEXT
            return super().candidates(windows)

    found = repair(BROKEN.replace("range(10)", "range(10"), Both(""), PythonCritic())
    assert (found.text, found.edits) == (PYTHON_TEXT, 2)


def test_what_deletes_a_line_and_leaves_an_error_is_not_kept():
    text = BROKEN + "y = = 1\n"
    row = PYTHON.lexer.read(text).row(2)
    found = repair(text, KnowsTheFix(text, others=[TokenEdit(row[0], row[1] + 5, ("\n    ",))]), PythonCritic())
    assert found.text == text


def test_where_the_first_error_stays_the_next_one_is_repaired():
    text = "x = = 1\n\n\n\n\n"
    found = repair(text + BROKEN, KnowsTheFix(text + PYTHON_TEXT), PythonCritic(), ASKED)
    assert found.text == text + PYTHON_TEXT and len(found.before) == 2 and len(found.after) == 1


def test_a_repair_ends_in_time():
    class Slow(KnowsTheFix):
        def candidates(self, windows):
            time.sleep(0.2)
            return super().candidates(windows)

    found = repair(BROKEN, Slow(PYTHON_TEXT), PythonCritic(), BOUNDS._replace(seconds=0.1))
    assert found.text == BROKEN and found.stopped


def test_an_edit_that_the_critic_cannot_judge_is_none():
    class Confused(PythonCritic):
        def check(self, text, at_most=10):
            if text != BROKEN:
                raise Mistake("It takes too long.", "")
            return super().check(text, at_most)

    assert repair(BROKEN, KnowsTheFix(PYTHON_TEXT), Confused()).text == BROKEN


def test_three_figures_tell_apart_what_compiles_and_what_is_right():
    pairs = [CodePair(BROKEN, PYTHON_TEXT)] * 2
    answers = iter(
        [
            PYTHON_TEXT,
            delete_line(BROKEN, Complaint(3, 1, "")).replace("        p", "    p").replace("        r", "    r"),
        ]
    )
    found = figures(evaluate_repairs(pairs, lambda pair: next(answers), PYTHON, PythonCritic()))
    assert (found["n"], found["compiles"], found["exact_match"], found["identical"]) == (2, 100.0, 50.0, 50.0)
    assert found["edit_distance"] > 0


def test_spaces_of_c_are_no_difference():
    from unspool.repair.evaluation import outcome

    class Content:
        def check(self, text, at_most=10):
            return []

    found = outcome(C_TEXT.replace(" ", "\n").replace("//\nthree", ""), C_TEXT, C, Content())
    assert found.exact or "#" in C_TEXT
    assert not found.identical


def test_the_commonest_edit_for_a_message_is_learned():
    common, complaint = CommonEdits(PYTHON), PythonCritic().check(BROKEN, 1)[0]
    assert common.fix(BROKEN, complaint) == BROKEN
    common.learn([CodePair("if x\n    y\n", "if x:\n    y\n")], PythonCritic())
    assert common.fix(BROKEN, complaint) == PYTHON_TEXT


def test_the_line_of_a_complaint_is_deleted():
    assert delete_line("a\r\nb\r\n", Complaint(2, 1, "")) == "a\r\n\r\n"


def test_joined_lines_are_no_repair_where_an_error_stays():
    text = "x = = 1\ny = = 2\n"
    newline = next(place for place, one in enumerate(PYTHON.lexer.read(text).texts) if one == "\n")
    found = repair(text, KnowsTheFix(text, others=[TokenEdit(newline, newline + 1, ())]), PythonCritic(), ASKED)
    assert found.text == text and not found.edits


@gcc
def test_an_error_that_hides_another_is_repaired_though_there_are_no_fewer():
    half = C_TEXT.replace("n - 1;", "n - 1")
    broken = half.replace("&n);", "&n)")
    assert len(GccCritic().check(broken)) == len(GccCritic().check(half)) == 1

    class Both(KnowsTheFix):
        def candidates(self, windows):
            self.fixed = C_TEXT if self.asked else half
            return super().candidates(windows)

    found = repair(broken, Both("", language=C), GccCritic(), ASKED)
    assert (found.text, found.edits, found.whole) == (C_TEXT, 2, True)
