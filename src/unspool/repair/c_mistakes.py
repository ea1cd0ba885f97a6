"""Mistakes that people make in C, and how often each is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

from unspool.repair.code import Code, Kind
from unspool.repair.edits import TokenEdit
from unspool.repair.language import Corruption
from unspool.repair.mistakes import (
    change,
    double,
    double_quote,
    drop,
    drop_kind,
    drop_quote,
    lines_with,
    misspell,
    stray,
    swap_neighbours,
    with_a_slip,
    wrong_bracket,
)

TYPES = ("int", "float", "char", "double", "long", "unsigned", "struct", "void")
SPELT = (
    "int", "float", "char", "double", "long", "return", "while", "for", "if", "else", "printf", "scanf", "include",
    "define", "main", "void", "struct", "sizeof", "break", "continue", "switch", "case", "default", "malloc",
    "strlen", "getchar",
)  # fmt: skip


def missing_declarator(code: Code, random: Random) -> TokenEdit | None:
    """A variable is used and not declared: it is missing among others, as `j` in `int i, j;`."""
    edits = []
    for start, end in lines_with(code, *TYPES):
        for place in range(start + 1, end - 1):
            if code.tokens[place].kind != Kind.NAME or code.texts[place] in TYPES:
                continue
            before, after = code.texts[place - 1], code.texts[place + 1]
            if before == "," and after in (",", ";", "="):
                stop = place + 1 if after != "=" else place + 3
                edits.append(TokenEdit(place - 1, min(stop, end), ()))
            elif after == "," and before in TYPES:
                edits.append(TokenEdit(place, place + 2, ()))
    return random.choice(edits) if edits else None


def missing_type(code: Code, random: Random) -> TokenEdit | None:
    """A declaration without its type, or none at all."""
    lines = [(start, end) for start, end in lines_with(code, *TYPES) if code.texts[end - 1] == ";"]
    if not lines:
        return None
    start, _ = random.choice(lines)
    return TokenEdit(start, start + 1, ())


def other_name(code: Code, random: Random) -> TokenEdit | None:
    """A name that is used more than once is misspelt once, or has another letter's case."""
    used = Counter(token.text for token in code.tokens if token.kind == Kind.NAME)
    places = [
        place
        for place, token in enumerate(code.tokens)
        if token.kind == Kind.NAME and used[token.text] > 1 and token.text not in SPELT
    ]
    if not places:
        return None
    place = random.choice(places)
    text = code.texts[place]
    slip = with_a_slip(text, random) if len(text) > 1 else random.choice([text.swapcase(), "l", "k", "x"])
    return TokenEdit(place, place + 1, (slip,))


def missing_index(code: Code, random: Random) -> TokenEdit | None:
    """`a` for `a[10]`, where it is declared."""
    places = [
        place
        for start, end in lines_with(code, *TYPES)
        for place in range(start, end - 2)
        if code.texts[place] == "[" and code.texts[place + 2] == "]"
    ]
    return TokenEdit(place := random.choice(places), place + 3, ()) if places else None


def missing_star(code: Code, random: Random) -> TokenEdit | None:
    """A pointer is declared without its star."""
    places = [
        place for start, end in lines_with(code, *TYPES) for place in range(start, end) if code.texts[place] == "*"
    ]
    return TokenEdit(place := random.choice(places), place + 1, ()) if places else None


ALIKE = {
    "&&": ("and", "& &"), "||": ("or", "| |"), "==": ("= =", "="), "<=": ("=<", "< ="), ">=": ("=>", "> ="),
    "!=": ("=!", "! ="), ";": (":", ",", "; )"), ",": (";", ".", ", ,"), "->": (".", "- >"), ".": ("->", ","),
    "++": ("+", "+ + +"), "+=": ("=+",), "else": ("else if", "else ( )", "elseif", "ELSE"), "[": ("(",), "]": (")",),
    "(": ("[", "{"), ")": ("]", "}"), "{": ("(",), "}": (")", "]"), "printf": ("print", "prinf", "printff", "Printf"),
    "scanf": ("scan", "scnaf"), "char": ("string", "Char"), "int": ("Int", "integer", "in t"), "=": ("==", ":"),
    "return": ("return return", "retrun"), "if": ("If", "if if"), "while": ("While", "whlie"), "for": ("For", "fro"),
    "*": ("x", "* *"), "%": ("%%", "mod"), "sizeof": ("size of",), "main": ("main main", "Main"), "<": ("< <",),
}  # fmt: skip
MISTAKES: Mapping[str, tuple[Corruption, float]] = {
    "missing semicolon": (drop(";"), 20),
    "missing declarator": (missing_declarator, 13),
    "misspelt name": (other_name, 9),
    "missing type": (missing_type, 3),
    "missing closing bracket": (drop(")", "]"), 9),
    "missing opening bracket": (drop("(", "["), 5),
    "missing brace": (drop("{", "}"), 5),
    "surplus bracket": (double("(", ")", "[", "]", "{", "}"), 6),
    "wrong bracket": (wrong_bracket, 2),
    "missing quote": (drop_quote, 5),
    "quote twice": (double_quote, 2),
    "missing comma": (drop(","), 5),
    "missing operator": (drop("=", "+", "-", "*", "/", "==", "&&", "||", "<", ">", "%", "++"), 4),
    "missing operand": (drop_kind(Kind.NAME), 3),
    "misspelt keyword": (misspell(SPELT), 5),
    "look-alike": (change(ALIKE), 9),
    "missing index": (missing_index, 2),
    "missing star": (missing_star, 2),
    "token twice": (double(",", ";", "int", "=", "&"), 2),
    "stray sign": (stray(";", ")", "}", "'", '"', ":", ",", "\\", "{", "`"), 4),
    "order": (swap_neighbours, 1),
}
