import random

import pytest

from broken_code import TEXTS
from unspool.repair.edits import TokenEdit, apply, difference
from unspool.repair.languages import PYTHON, C
from unspool.repair.spacing import Spacing

CASES = [(name, mistake) for name, (language, _) in TEXTS.items() for mistake in language.mistakes]


def edited(text, language, edit):
    code = language.lexer.read(text)
    return apply(code, edit, Spacing(code, language.lexer, language.keywords))


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_the_difference_undoes_a_mistake_and_touches_nothing_else(name, mistake):
    language, text = TEXTS[name]
    code, chance = language.lexer.read(text), random.Random(mistake)
    made = language.mistakes[mistake][0]
    undone = 0
    for edit in filter(None, (made(code, chance) for _ in range(12))):
        broken = language.lexer.read(edited(text, language, edit))
        back = difference(broken, code, language.lexer)
        if back is None:
            continue
        fixed = language.lexer.read(edited(broken.text, language, back))
        undone += [t for t in fixed.texts if t not in "'\""] == [t for t in code.texts if t not in "'\""]
        lines, ours = ([line for line in one.splitlines() if line.strip()] for one in (text, fixed.text))
        assert len(ours) == len(lines)
        assert sum(one != other for one, other in zip(ours, lines, strict=True)) <= 2
    assert undone or mistake in ("missing ()", "missing star", "missing type", "else if")


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        ("if x\n    y\n", "if x:\n    y\n"),
        ("if x  # why\n    y\n", "if x:  # why\n    y\n"),
        ("f(a b)\n", "f(a, b)\n"),
        ("print 'a'\n", "print('a')\n"),
        ("a = [1, 2\n", "a = [1, 2]\n"),
        ("x\t=  (1))  # c\n", "x\t=  (1)  # c\n"),
        ('print("hello)\n', 'print("hello")\n'),
        ("if x:\ny\n", "if x:\n    y\n"),
        ("if x:\r\n\ty\r\n    z\r\n", "if x:\r\n\ty\r\n\tz\r\n"),
        ("x = 1\nwhlie x:\n    y\n", "x = 1\nwhile x:\n    y\n"),
        ("f(x\n", "f(x)\n"),
        ("f(x", "f(x)"),
        ("a\n)\nb\n", "a\nb\n"),
        ("x = \\\n  (1\n", "x = \\\n  (1)\n"),
    ],
)
def test_repairs_are_spaced_as_people_space_them(broken, fixed):
    edit = difference(PYTHON.lexer.read(broken), PYTHON.lexer.read(fixed), PYTHON.lexer)
    assert edited(broken, PYTHON, edit) == fixed


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        ("int i\nint j;\n", "int i;\nint j;\n"),
        ('printf("a)  ;\n', 'printf("a")  ;\n'),
        ("int n;\nfor(i=0;i<n;i++\n{\n", "int n;\nfor(i=0;i<n;i++)\n{\n"),
        ("int i,n;\nint a , b\n", "int i,n;\nint a , b;\n"),
        ("if (a = = 1)\n", "if (a == 1)\n"),
    ],
)
def test_repairs_of_c_are_spaced_as_people_space_them(broken, fixed):
    edit = difference(C.lexer.read(broken), C.lexer.read(fixed), C.lexer)
    assert edited(broken, C, edit) == fixed


def test_spaces_are_those_of_the_file():
    text = "f( a , b )\ng( c , d )\nh( e f )\n"
    assert edited(text, PYTHON, TokenEdit(18, 18, (",",))).endswith("h( e , f )\n")


def test_equal_tokens_have_no_difference():
    assert difference(C.lexer.read("a+b"), C.lexer.read("a + b // c"), C.lexer) is None
