"""How good repairs are: three figures, since "it compiles" alone is won by deleting lines.

compiles        the critic is content
exact_match     the tokens are those of the person's own fix (in Python, indentation too)
edit_distance   tokens between the repair and that fix
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from unspool.metrics.symbol_error_rate import edit_distance
from unspool.repair.code import Kind
from unspool.repair.examples import CodePair, complains
from unspool.repair.language import Critic, Language


class Outcome(NamedTuple):
    """Of one program: whether it compiles, equals the fix in tokens and in characters, and how far it is from it."""

    compiles: bool
    exact: bool
    identical: bool
    distance: int


def outcome(repaired: str, fixed: str, language: Language, critic: Critic) -> Outcome:
    """What became of one program."""
    ours, theirs = (_tokens(text, language) for text in (repaired, fixed))
    return Outcome(not complains(critic, repaired), ours == theirs, repaired == fixed, edit_distance(ours, theirs))


def evaluate_repairs(
    pairs: Sequence[CodePair], repaired: Callable[[CodePair], str], language: Language, critic: Critic,
    done: Callable[[int], object] = lambda count: None,
) -> list[Outcome]:  # fmt: skip
    """The outcome of each pair."""
    found = []
    for pair in pairs:
        found.append(outcome(repaired(pair), pair.fixed, language, critic))
        done(1)
    return found


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Rates in percent, and the mean distance in tokens."""
    count = max(len(outcomes), 1)
    rates = {
        "compiles": sum(one.compiles for one in outcomes),
        "exact_match": sum(one.exact for one in outcomes),
        "identical": sum(one.identical for one in outcomes),
    }
    mean = sum(one.distance for one in outcomes) / count
    rounded = {name: round(100 * value / count, 2) for name, value in rates.items()}
    return {"n": len(outcomes), **rounded, "edit_distance": round(mean, 3)}


def _tokens(text: str, language: Language) -> list[str]:
    tokens = language.lexer.read(text).tokens
    return [token.text for token in tokens if language.indents or token.kind != Kind.LINE]
