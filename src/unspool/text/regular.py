"""A regular expression as an automaton over characters (Thompson 1968), in the syntax of Python's `re`.

The parser is Python's own, so that a pattern means here what it means there, and an error has its position. What a
character class holds is decided by `re`, too: each class becomes a pattern of its own.
"""

from __future__ import annotations

import re
import warnings
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from unspool.errors import Mistake

# The most states of a pattern; each copy that a count such as {1,50} makes has states of its own.
MOST_STATES = 10_000
# Conditions of a jump: none, only before the first character, only after the last one.
ALWAYS, FIRST, LAST = "", "^", "$"
_ANCHORS = {"AT_BEGINNING": FIRST, "AT_BEGINNING_STRING": FIRST, "AT_END": LAST, "AT_END_STRING": LAST}
_UNSUPPORTED = {
    "GROUPREF": "a back reference", "GROUPREF_EXISTS": "a conditional group", "ASSERT": "a lookaround",
    "ASSERT_NOT": "a lookaround", "ATOMIC_GROUP": "an atomic group", "POSSESSIVE_REPEAT": "a possessive count",
    "AT": "a word boundary", "MULTILINE": "the flag m",
}  # fmt: skip
WAY_OUT = "A pattern has the syntax of Python's re, for example '[0-9]{4}-[0-9]{2}'."


class RegularExpression:
    """States 0, 1, …, of which 0 is the start; a whole text must match.

    classes: the character classes, each as a pattern that matches one or more of its characters
    steps:   for each state its steps: a number of a class, and the state after a character of that class
    jumps:   for each state its jumps, which need no character: a condition, and a state
    end:     the state at the end
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.classes: list[re.Pattern[str]] = []
        self.steps: list[list[tuple[int, int]]] = [[]]
        self.jumps: list[list[tuple[str, int]]] = [[]]
        self._numbers: dict[tuple[str, int], int] = {}
        tree = _parsed(pattern)
        if tree.state.flags & re.MULTILINE:
            self._refuse("MULTILINE")
        self.end = self._sequence(tree, tree.state.flags, 0)
        self.live = self._live()

    def closure(self, states: set[int], conditions: tuple[str, ...] = (ALWAYS,)) -> set[int]:
        """These states and all that they jump to."""
        found, waiting = set(states), list(states)
        while waiting:
            for condition, state in self.jumps[waiting.pop()]:
                if condition in conditions and state not in found:
                    found.add(state)
                    waiting.append(state)
        return found

    def _live(self) -> set[int]:
        """The states from which the end can be reached, by what may come after the first character."""
        live = {state for state in range(len(self.jumps)) if self.end in self.closure({state}, (ALWAYS, LAST))}
        before: dict[int, set[int]] = {}
        for state in range(len(self.jumps)):
            nearby = [after for _, after in self.steps[state]]
            nearby += [after for condition, after in self.jumps[state] if condition == ALWAYS]
            for after in nearby:
                before.setdefault(after, set()).add(state)
        waiting = list(live)
        while waiting:
            new = before.get(waiting.pop(), set()) - live
            live |= new
            waiting += new
        return live

    def _new(self) -> int:
        if len(self.steps) >= MOST_STATES:
            what = f"The pattern '{self.pattern[:60]}' is too large: it has more than {MOST_STATES:,} states."
            raise Mistake(what, "Use smaller counts, or * instead of a count: --max-length limits answers, too.")
        self.steps.append([])
        self.jumps.append([])
        return len(self.steps) - 1

    def _jump(self, state: int, to: int | None = None, condition: str = ALWAYS) -> int:
        to = self._new() if to is None else to
        self.jumps[state].append((condition, to))
        return to

    def _sequence(self, items: Any, flags: int, state: int) -> int:
        for operator, argument in items:
            state = getattr(self, f"_{operator}".lower(), self._other)(operator, argument, flags, state)
        return state

    def _class(self, operator: Any, argument: Any, flags: int, state: int) -> int:
        number = self._numbers.setdefault((f"{operator} {argument}", flags), len(self.classes))
        if number == len(self.classes):
            parsing = _parser.State()
            parsing.flags = flags
            one = _parser.SubPattern(parsing, [(operator, argument)])
            many = (_constants.MAX_REPEAT, (1, _constants.MAXREPEAT, one))
            self.classes.append(_compiler.compile(_parser.SubPattern(parsing, [many])))
        after = self._new()
        self.steps[state].append((number, after))
        return after

    _literal = _not_literal = _any = _in = _class

    def _branch(self, operator: Any, argument: Any, flags: int, state: int) -> int:
        ends = [self._sequence(branch, flags, self._jump(state)) for branch in argument[1]]
        after = self._new()
        for end in ends:
            self._jump(end, after)
        return after

    def _subpattern(self, operator: Any, argument: Any, flags: int, state: int) -> int:
        _, added, removed, items = argument
        return self._sequence(items, (flags | added) & ~removed, state)

    def _max_repeat(self, operator: Any, argument: Any, flags: int, state: int) -> int:
        least, most, items = argument
        for _ in range(least):
            state = self._sequence(items, flags, self._jump(state))
        if most == _constants.MAXREPEAT:
            again = self._jump(state)
            self._jump(self._sequence(items, flags, self._jump(again)), again)
            return self._jump(again)
        skips = [state]
        for _ in range(most - least):
            state = self._sequence(items, flags, self._jump(state))
            skips.append(state)
        after = self._new()
        for skip in skips:
            self._jump(skip, after)
        return after

    _min_repeat = _max_repeat  # which texts match does not depend on how much is tried first

    def _at(self, operator: Any, argument: Any, flags: int, state: int) -> int:
        condition = _ANCHORS.get(str(argument)) or self._refuse("AT")
        return self._jump(state, condition=condition)

    def _other(self, operator: Any, argument: Any, flags: int, state: int) -> int:
        self._refuse(str(operator))
        return state

    def _refuse(self, operator: str) -> str:
        found = _UNSUPPORTED.get(operator, operator)
        what = f"The pattern '{self.pattern[:60]}' has {found}, which a search cannot follow symbol by symbol."
        raise Mistake(what, "Use characters, classes, groups, |, counts, ^ and $.")


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for `re`; a broken one is a `Mistake` with its position."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a later Python may read otherwise
            return re.compile(pattern)
    except re.error as error:
        where = "" if error.pos is None else f" at character {error.pos + 1}"
        raise Mistake(f"The pattern '{pattern[:60]}' is broken{where}: {error.msg}.", WAY_OUT) from None
    except (OverflowError, RecursionError):
        raise Mistake(f"The pattern '{pattern[:60]}' is too large.", WAY_OUT) from None


def _parsed(pattern: str) -> Any:
    compiled(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _parser.parse(pattern)
