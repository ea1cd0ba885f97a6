"""Pairs of broken and fixed code as examples for a network: windows and the edits in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from unspool.errors import Mistake
from unspool.repair.code import Code, Kind
from unspool.repair.edits import TokenEdit, apply, difference
from unspool.repair.language import Complaint, Critic, Language
from unspool.repair.places import Place, places
from unspool.repair.spacing import Spacing
from unspool.repair.window import CodeSymbols, CodeWindow

# Numbers and strings that are common enough to be symbols. Names are not: what `i` is called teaches nothing.
COMMON = 80
FEWEST = 12
# Of the windows without the mistake, the share that examples are made of: a network learns to say so.
NOT_THERE = 0.2
TRIES = 6


class CodePair(NamedTuple):
    """A text that the critic complains about, and the text that it should be; what it says first, where it is known."""

    broken: str
    fixed: str
    complaint: Complaint | None = None


def symbols_of(programs: Iterable[str], language: Language) -> CodeSymbols:
    """The words of the language, and the commonest numbers and strings of these programs."""
    used: Counter[str] = Counter()
    for text in programs:
        used.update({t.text for t in language.lexer.read(text).tokens if t.kind in (Kind.NUMBER, Kind.STRING)})
    common = [text for text, count in used.most_common(COMMON) if count >= FEWEST and text.split() == [text]]
    return CodeSymbols(language, language.words | frozenset(common))


def examples_of(pair: CodePair, critic: Critic, symbols: CodeSymbols, random: Random) -> list[tuple[str, str]]:
    """Sources and targets for a network: the window with the edit, and some in which it is not."""
    language = symbols.language
    complaint = pair.complaint or next(iter(complains(critic, pair.broken)), None)
    broken, fixed = language.lexer.read(pair.broken), language.lexer.read(pair.fixed)
    edit = difference(broken, fixed, language.lexer)
    if complaint is None or edit is None:
        return []
    found = []
    for place in places(broken, complaint, language):
        window = CodeWindow(broken, place, complaint, symbols)
        target = window.target(edit)
        there = target is not None
        inside = window.first <= edit.start and edit.end <= window.last
        if there or (not inside and random.random() < NOT_THERE):
            found.append((" ".join(window.source), " ".join(target or window.target(None) or [])))
        if inside:
            break
    return found


def breaking_examples(pair: CodePair, symbols: CodeSymbols) -> list[tuple[str, str]]:
    """The same turned round, for a breaker: the window of the fixed code, and the edit that breaks it."""
    language = symbols.language
    fixed, broken = language.lexer.read(pair.fixed), language.lexer.read(pair.broken)
    edit = difference(fixed, broken, language.lexer)
    if edit is None or not fixed.lines:
        return []
    window = CodeWindow(fixed, Place(fixed.row_of(min(edit.start, len(fixed.tokens) - 1)), False), None, symbols)
    target = window.target(edit)
    return [] if target is None else [(" ".join(window.source), " ".join(target))]


def break_by_hand(
    text: str, language: Language, critic: Critic, random: Random, *, evenly: bool = False
) -> Iterator[CodePair]:  # fmt: skip
    """The text with one of the language's mistakes, until the critic complains; nothing if it never does.

    evenly: draw every sort of mistake as often as every other, not as often as people make it
    """
    code = language.lexer.read(text)
    spacing = Spacing(code, language.lexer, language.keywords)
    made, weights = language.corruptions()
    for _ in range(TRIES):
        (corruption,) = random.choices(made, None if evenly else weights)
        edit = corruption(code, random)
        if edit is None:
            continue
        if (pair := confirmed(code, edit, spacing, critic)) is not None:
            yield pair
            return


def confirmed(code: Code, edit: TokenEdit, spacing: Spacing, critic: Critic) -> CodePair | None:
    """The pair that an edit of a whole code makes; None if the critic finds nothing wrong, or cannot say."""
    broken = apply(code, edit, spacing)
    if broken == code.text:
        return None
    found = complains(critic, broken)
    return CodePair(broken, code.text, found[0]) if found else None


def complains(critic: Critic, text: str) -> list[Complaint]:
    """What a critic complains about first; nothing if it could not finish."""
    try:
        return critic.check(text, 1)
    except Mistake:
        return []
