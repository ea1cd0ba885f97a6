"""Where a network knows nothing, a sign less or one more is tried near the complaint."""

from __future__ import annotations

import pytest

from broken_code import KnowsTheFix
from unspool.repair.language import Complaint
from unspool.repair.python_code import PYTHON
from unspool.repair.python_critic import PythonCritic
from unspool.repair.repairer import repair
from unspool.repair.simple_edits import NEAR, SIGNS, simple_edits

MISTAKES = {
    "x = = 1\n": "x = 1\n",
    "f(a))\n": "f(a)\n",
    "x = (a, b]\n": None,
    "def f(a)\n    return a\n": "def f(a):\n    return a\n",
    "total, += 1\n": "total += 1\n",
}


@pytest.mark.parametrize("broken", MISTAKES)
def test_a_mistake_of_one_sign_is_repaired_and_another_is_left(broken: str) -> None:
    found = repair(broken, KnowsTheFix(broken), PythonCritic())
    assert found.text == (MISTAKES[broken] or broken) and found.whole == (MISTAKES[broken] is not None)


def test_what_leaves_an_error_is_not_kept() -> None:
    broken = "x = = 1\n\n\ny = (a, b]\n"
    found = repair(broken, KnowsTheFix(broken), PythonCritic())
    assert (found.text, found.edits) == (broken, 0)


def test_the_nearest_come_first_and_their_number_is_bounded() -> None:
    code = PYTHON.lexer.read("x = " + " + ".join(["(1)"] * 1000))
    edits = list(simple_edits(code, Complaint(1, 200, "invalid syntax")))
    assert len(edits) <= (2 * NEAR + 1) * (1 + len(SIGNS))
    inserted = [edit.start for edit in edits if edit.texts]
    distances = [abs(start - inserted[0]) for start in inserted]
    assert distances == sorted(distances) and max(distances) == NEAR
    assert not list(simple_edits(PYTHON.lexer.read(""), Complaint(1, 1, "")))
