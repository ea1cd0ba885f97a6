"""Mistakes that people make in any language, as edits of correct code: each function makes one sort of mistake.

A mistake takes a code and a source of chance, and gives an edit, or None where the code has no place for it. Whether
the result is broken is for the critic to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import Random
from string import ascii_lowercase

from unspool.repair.code import Code, Kind
from unspool.repair.edits import TokenEdit
from unspool.repair.language import Corruption

BRACKETS = {"(": ")", "[": "]", "{": "}"}


def drop(*texts: str) -> Corruption:
    """A token with one of these texts is missing."""
    return at(_with(texts), lambda code, place, random: TokenEdit(place, place + 1, ()))


def double(*texts: str) -> Corruption:
    """A token with one of these texts is there twice."""
    return at(_with(texts), lambda code, place, random: TokenEdit(place, place, (code.texts[place],)))


def change(others: Mapping[str, Sequence[str]]) -> Corruption:
    """A token is written as another that looks or sounds alike."""

    def changed(code: Code, place: int, random: Random) -> TokenEdit:
        return TokenEdit(place, place + 1, tuple(random.choice(others[code.texts[place]]).split(" ")))

    return at(_with(others), changed)


def misspell(words: Collection[str]) -> Corruption:
    """A letter of one of these words is missing, doubled, wrong, a capital, or in the place of its neighbour."""
    known = frozenset(words)

    def misspelt(code: Code, place: int, random: Random) -> TokenEdit:
        return TokenEdit(place, place + 1, (with_a_slip(code.texts[place], random),))

    return at(lambda code, place: code.texts[place] in known and len(code.texts[place]) > 1, misspelt)


def with_a_slip(word: str, random: Random) -> str:
    """A word with one slip of the fingers."""
    place = random.randrange(len(word))
    match random.randrange(5):
        case 0 if len(word) > 2:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[: place + 1] + word[place:]
        case 2:
            return word[:place] + random.choice(ascii_lowercase) + word[place + 1 :]
        case 3:
            return word.capitalize() if word != word.capitalize() else word.upper()
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def drop_kind(kind: Kind) -> Corruption:
    """A name or a number is missing."""
    return at(
        lambda code, place: code.tokens[place].kind == kind, lambda code, place, _: TokenEdit(place, place + 1, ())
    )


def in_a_string(change: Callable[[str, Random], str]) -> Corruption:
    """A simple string is written in another way; nothing is left of it if only white space would be."""

    def corrupt(code: Code, random: Random) -> TokenEdit | None:
        strings = [number for number, token in enumerate(code.tokens) if _is_simple_string(token.text)]
        if not strings:
            return None
        place = random.choice(strings)
        changed = change(code.texts[place], random)
        return TokenEdit(place, place + 1, (changed,) if changed.strip() else ())

    return corrupt


# A string does not end, or does not begin; ends or begins twice; ends with the other quote.
drop_quote = in_a_string(lambda text, random: text[:-1] if random.random() < 0.75 else text[1:])
double_quote = in_a_string(lambda text, random: text + text[-1] if random.random() < 0.75 else text[0] + text)
mix_quotes = in_a_string(lambda text, _: text[:-1] + ("'" if text[-1] == '"' else '"'))


def stray(*texts: str) -> Corruption:
    """A token that does not belong there stands at the end of a line, or after any token."""

    def strayed(code: Code, random: Random) -> TokenEdit | None:
        if not code.tokens:
            return None
        if random.random() < 0.5:
            place = code.row(random.randrange(len(code.lines)))[1]
        else:
            place = random.randrange(1, len(code.tokens) + 1)
        return TokenEdit(place, place, (random.choice(texts),))

    return strayed


def wrong_bracket(code: Code, random: Random) -> TokenEdit | None:
    """A bracket is of another sort."""
    every = {**BRACKETS, **{closing: opening for opening, closing in BRACKETS.items()}}
    places = [number for number, text in enumerate(code.texts) if text in every]
    if not places:
        return None
    place = random.choice(places)
    side = BRACKETS.keys() if code.texts[place] in BRACKETS else BRACKETS.values()
    return TokenEdit(place, place + 1, (random.choice([text for text in side if text != code.texts[place]]),))


def swap_neighbours(code: Code, random: Random) -> TokenEdit | None:
    """Two tokens of a line change places."""
    places = [n for n in range(1, len(code.tokens)) if Kind.LINE not in (code.tokens[n - 1].kind, code.tokens[n].kind)]
    if not places:
        return None
    place = random.choice(places)
    return TokenEdit(place - 1, place + 1, (code.texts[place], code.texts[place - 1]))


def at(
    fits: Callable[[Code, int], bool], made: Callable[[Code, int, Random], TokenEdit | None]
) -> Corruption:  # fmt: skip
    """A mistake at a token that fits, each with the same chance."""

    def corruption(code: Code, random: Random) -> TokenEdit | None:
        places = [place for place in range(len(code.tokens)) if fits(code, place)]
        return made(code, random.choice(places), random) if places else None

    return corruption


def matching(code: Code, opening: int) -> int | None:
    """The token that closes a bracket on the same line; None if none does."""
    depth = 0
    for place in range(opening, len(code.tokens)):
        text = code.texts[place]
        if text.startswith("\n"):
            return None
        depth += (text in BRACKETS) - (text in BRACKETS.values())
        if depth == 0:
            return place
    return None


def lines_with(code: Code, *first: str) -> Iterator[tuple[int, int]]:
    """The tokens of lines that begin with one of these texts: the first token after the line's own, and the end."""
    for index in range(len(code.lines)):
        start, end = code.row(index)
        if start + 1 < end and code.texts[start + 1] in first:
            yield start + 1, end


def _with(texts: Collection[str]) -> Callable[[Code, int], bool]:
    wanted = frozenset(texts)
    return lambda code, place: code.texts[place] in wanted


def _is_simple_string(text: str) -> bool:
    return len(text) >= 3 and text[0] in "'\"" and text[-1] == text[0] and text[:3] not in ('"""', "'''")
