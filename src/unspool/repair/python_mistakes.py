"""Mistakes that people make in Python, and how often each is drawn."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from random import Random

from unspool.repair.code import Code, Kind
from unspool.repair.edits import TokenEdit
from unspool.repair.language import Corruption
from unspool.repair.mistakes import (
    at,
    change,
    double,
    double_quote,
    drop,
    drop_kind,
    drop_quote,
    lines_with,
    matching,
    misspell,
    mix_quotes,
    stray,
    swap_neighbours,
    wrong_bracket,
)

BLOCKS = ("if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with")
SPELT = (*keyword.kwlist,)


def drop_colon(code: Code, random: Random) -> TokenEdit | None:
    """The colon of a block is missing, or is another sign."""
    places = [end - 1 for _, end in lines_with(code, *BLOCKS) if code.texts[end - 1] == ":"]
    if not places:
        return None
    place = random.choice(places)
    return TokenEdit(place, place + 1, () if random.random() < 0.85 else (random.choice((";", ",", "{", "::")),))


def assign_for_equal(code: Code, random: Random) -> TokenEdit | None:
    """A condition has `=` for `==`."""
    places = [
        place
        for start, end in lines_with(code, "if", "elif", "while", "return", "assert")
        for place in range(start, end)
        if code.texts[place] == "=="
    ]
    return TokenEdit(place := random.choice(places), place + 1, ("=",)) if places else None


def print_statement(code: Code, random: Random) -> TokenEdit | None:
    """`print x`, as in Python 2; any other call at the beginning of a line loses its brackets alike, more rarely."""
    calls = []
    for index in range(len(code.lines)):
        start, end = code.row(index)
        closing = matching(code, start + 2) if end - start > 3 and code.texts[start + 2] == "(" else None
        if closing == end - 1 and closing > start + 3 and code.tokens[start + 1].kind == Kind.NAME:
            calls.append((start + 1, closing))
    printed = [call for call in calls if code.texts[call[0]] == "print"] or calls
    if not printed:
        return None
    start, closing = random.choice(printed)
    inner = tuple(code.texts[start + 2 : closing])
    return TokenEdit(start, closing + 1, ("print", *inner)) if "=" not in inner else None


def wrong_indent(code: Code, random: Random) -> TokenEdit | None:
    """A line stands too far to the right or to the left, or has a tab among spaces."""
    if len(code.lines) < 2:
        return None
    place = random.choice(code.lines[1:])
    indent = code.texts[place][1:]
    choices = [indent + " ", indent + "    ", indent[:-1], indent[:-4], "", indent.replace("    ", "\t", 1)]
    changed = random.choice([one for one in choices if one != indent] or [indent + " "])
    return TokenEdit(place, place + 1, ("\n" + changed,))


def indent_after_colon(code: Code, random: Random) -> TokenEdit | None:
    """The first line of a block is not indented."""
    places = [end for _, end in lines_with(code, *BLOCKS) if code.texts[end - 1] == ":" and end < len(code.tokens)]
    if not places:
        return None
    place = random.choice(places)
    header = code.lines[code.row_of(place) - 1]
    return TokenEdit(place, place + 1, (code.texts[header],))


def drop_parentheses(code: Code, random: Random) -> TokenEdit | None:
    """A function is defined without `()`, or a call loses its closing brackets."""
    places = [n for n in range(1, len(code.tokens)) if code.texts[n - 1 : n + 1] == ["(", ")"]]
    return TokenEdit(place := random.choice(places) - 1, place + 2, ()) if places else None


def count_up(code: Code, random: Random) -> TokenEdit | None:
    """`x++`, as in C."""
    places = [n for n in range(len(code.tokens) - 1) if code.texts[n] in ("+=", "-=") and code.texts[n + 1] == "1"]
    if not places:
        return None
    place = random.choice(places)
    return TokenEdit(place, place + 2, (code.texts[place][0] * 2,))


def broken_line(code: Code, random: Random) -> TokenEdit | None:
    """A line break in the middle of a line."""
    places = [n for n in range(2, len(code.tokens)) if Kind.LINE not in (code.tokens[n - 1].kind, code.tokens[n].kind)]
    if not places:
        return None
    place = random.choice(places)
    return TokenEdit(place, place, (code.texts[code.lines[code.row_of(place)]],))


def keyword_argument_colon(code: Code, random: Random) -> TokenEdit | None:
    """`f(x: 1)` for `f(x=1)`, or `{x = 1}` for `{x: 1}`."""
    corruption = at(
        lambda code, place: code.texts[place] in ("=", ":") and place + 1 < len(code.tokens)
        and not code.texts[place + 1].startswith("\n"),
        lambda code, place, random: TokenEdit(place, place + 1, (":" if code.texts[place] == "=" else "=",)),
    )  # fmt: skip
    return corruption(code, random)


ALIKE = {
    "elif": ("elseif", "elsif", "elif if"), "and": ("&&", "AND"), "or": ("||", "OR"), "not": ("!",), "in": ("on", "of"),
    "def": ("function", "define", "func"), "None": ("null None",), "is": ("is is",), ">=": ("=>",), "<=": ("=<",),
    "!=": ("<>", "!", "=!"), "==": ("===", "= ="), "return": ("return return",), ".": (",", ". ."),
    ",": (".", ";", ", ,"), "else": ("else if", "else else"), "import": ("import import", "include"),
    "lambda": ("lambda :",), "=": (":=", "= ="),
    "+=": ("+ =", "=+"), "**": ("* *",), "//": ("/ /",), "as": ("as as",), "for": ("for each", "foreach"),
}  # fmt: skip
MISTAKES: Mapping[str, tuple[Corruption, float]] = {
    "missing colon": (drop_colon, 14),
    "missing closing bracket": (drop(")", "]", "}"), 14),
    "missing opening bracket": (drop("(", "[", "{"), 6),
    "surplus bracket": (double("(", ")", "[", "]", "{", "}"), 5),
    "wrong bracket": (wrong_bracket, 3),
    "missing quote": (drop_quote, 8),
    "other quote": (mix_quotes, 2),
    "quote twice": (double_quote, 3),
    "else if": (change({"elif": ("else if",)}), 3),
    "missing comma": (drop(","), 6),
    "missing operator": (drop("=", "+", "-", "*", "/", "==", "in", "%", ".", "and", "or", "<", ">"), 5),
    "missing operand": (drop_kind(Kind.NAME), 4),
    "wrong indentation": (wrong_indent, 8),
    "body not indented": (indent_after_colon, 5),
    "= for ==": (assign_for_equal, 5),
    "print statement": (print_statement, 5),
    "misspelt keyword": (misspell(SPELT), 7),
    "another language": (change(ALIKE), 6),
    "counting up": (count_up, 1),
    "missing ()": (drop_parentheses, 2),
    "= and :": (keyword_argument_colon, 2),
    "token twice": (double(*keyword.kwlist, ",", ":", ".", "="), 2),
    "stray sign": (stray(";", ":", ",", ")", "'", '"', "]", "}", "?", "\\", "`"), 4),
    "order": (swap_neighbours, 2),
    "broken line": (broken_line, 2),
}
