"""A pattern followed unit by unit: the subsets of its states, each made when it is first reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from unspool.text.regular import ALWAYS, FIRST, LAST, RegularExpression
from unspool.text.units import Spelled, Unit, Units

# Where a text may be: in a state, or inside a character after which a state follows.
Place: TypeAlias = int | tuple[Spelled, int]


class Matching:
    """A deterministic automaton over units; states are numbers, and 0 is the start."""

    def __init__(self, expression: RegularExpression, units: Units) -> None:
        self._expression, self._units = expression, units
        self._graphs = [units.graph(members) for members in expression.classes]
        self._places: list[frozenset[Place]] = []
        self._numbers: dict[frozenset[Place], int] = {}
        self._known: list[dict[Unit, int | None]] = []
        self._number(expression.closure({0}, (ALWAYS, FIRST)))

    def ends(self, number: int) -> bool:
        """Whether the text so far matches."""
        states = {place for place in self._places[number] if isinstance(place, int)}
        conditions = (ALWAYS, FIRST, LAST) if number == 0 else (ALWAYS, LAST)
        return self._expression.end in self._expression.closure(states, conditions)

    def after(self, number: int, units: Iterable[Unit]) -> int | None:
        """The state after these units; None if nothing that matches begins so."""
        at: int | None = number
        for unit in units:
            if at is None:
                return None
            at = self.step(at, unit)
        return at

    def step(self, number: int, unit: Unit) -> int | None:
        """The state after one unit."""
        known = self._known[number]
        if unit not in known:
            known[unit] = self._following(number, unit)
        return known[unit]

    def _following(self, number: int, unit: Unit) -> int | None:
        inside: set[Place] = set()
        entered: set[int] = set()
        for place in self._places[number]:
            for graph, state in self._graphs_at(place):
                node = graph.following.get(unit)
                if node is None or state not in self._expression.live:
                    continue
                if node.ends:
                    entered.add(state)
                if node.following:
                    inside.add((node, state))
        return self._number(inside | self._expression.closure(entered)) if inside or entered else None

    def _graphs_at(self, place: Place) -> list[tuple[Spelled, int]]:
        if isinstance(place, tuple):
            return [place]
        return [(self._graphs[number], after) for number, after in self._expression.steps[place]]

    def _number(self, places: Iterable[Place]) -> int:
        kept = frozenset(places)
        if kept not in self._numbers:
            self._numbers[kept] = len(self._places)
            self._places.append(kept)
            self._known.append({})
        return self._numbers[kept]
