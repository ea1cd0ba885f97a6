"""A pattern over the symbols of a tokenizer: which symbols may follow which, so that the text of an answer matches.

A symbol of several characters advances several times, and so does the separator before it. Several columns are matched
as one text, with tabs between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unspool.errors import Mistake
from unspool.text.jamo import FIRST_SYLLABLE, LEADS, TRAILS, VOWELS, decompose
from unspool.text.matching import Matching
from unspool.text.regular import RegularExpression
from unspool.text.tokenizer import Tokenizer
from unspool.text.units import ByteUnits, CharacterUnits, Unit, Units
from unspool.types import EOS, SPECIALS

# What would take minutes to make.
MOST_STATES, MOST_EDGES = 20_000, 1_500_000


class State(NamedTuple):
    """After some symbols: the state of the pattern, the column, and whether a separator comes before a next symbol."""

    matching: int
    column: int
    separated: bool


class SymbolEdges(NamedTuple):
    """Edges between states 0, 1, …; the state after EOS is None. `states` is how many there are."""

    edges: list[tuple[int, int, int | None]]
    states: int


@dataclass(slots=True)
class _Prefix:
    """Symbols by their units: the ids of those that end here, and the longer ones."""

    ids: list[int] = field(default_factory=list)
    following: dict[Unit, _Prefix] = field(default_factory=dict)


def symbol_edges(pattern: str, tokenizer: Tokenizer) -> SymbolEdges:
    """All edges that can be reached from the start; a pattern that is broken or too large is a `Mistake`."""
    return _Search(pattern, tokenizer).edges()


class _Search:
    def __init__(self, pattern: str, tokenizer: Tokenizer) -> None:
        self.pattern, self.parts = pattern, tokenizer.parts
        expression, self.units = RegularExpression(pattern), units_of(self.parts)
        self.matching = Matching(expression, self.units)
        self.prefixes, shift = [], 0
        for part in self.parts:
            self.prefixes.append(_prefixes(part, self.units, shift))
            shift += len(part) - len(SPECIALS)

    def edges(self) -> SymbolEdges:
        numbers = {State(0, 0, False): 0}
        waiting, edges = list(numbers), list[tuple[int, int, int | None]]()
        while waiting:
            state = waiting.pop()
            origin = numbers[state]
            if self._ends(state):
                edges.append((origin, EOS, None))
            for item, following in self._symbols(state):
                if following not in numbers:
                    numbers[following] = len(numbers)
                    waiting.append(following)
                edges.append((origin, item, numbers[following]))
            if len(numbers) > MOST_STATES or len(edges) > MOST_EDGES:
                what = f"The pattern '{self.pattern[:60]}' is too large for a model of {len(self.prefixes)} columns"
                what = what if len(self.parts) > 1 else f"The pattern '{self.pattern[:60]}' is too large"
                raise Mistake(
                    f"{what}.", "Use smaller counts, or * instead of a count: --max-length limits answers, too."
                )
        return SymbolEdges(edges, len(numbers))

    def _ends(self, state: State) -> bool:
        last = self.matching.after(state.matching, self.units.spell("\t" * (len(self.parts) - 1 - state.column)))
        return last is not None and self.matching.ends(last)

    def _symbols(self, state: State) -> Iterator[tuple[int, State]]:
        """Each symbol that may follow, and the state after it."""
        for column in range(state.column, len(self.parts)):
            separator = self.parts[column].separator
            same = column == state.column
            between = (separator if state.separated else "") if same else "\t" * (column - state.column)
            at = self.matching.after(state.matching, self.units.spell(between))
            if at is not None:
                for item, after in self._walk(self.prefixes[column], at):
                    yield item, State(after, column, bool(separator))

    def _walk(self, prefix: _Prefix, at: int) -> Iterator[tuple[int, int]]:
        for item in prefix.ids:
            yield item, at
        for unit, longer in prefix.following.items():
            after = self.matching.step(at, unit)
            if after is not None:
                yield from self._walk(longer, after)


def units_of(parts: Sequence[Tokenizer]) -> Units:
    """The units in which the symbols of all these tokenizers can be spelled."""
    alphabets = {part.alphabet for part in parts}
    if alphabets == {"bytes"} or alphabets == {"bytes", "characters"}:
        return ByteUnits()
    if "bytes" in alphabets:
        what = "A pattern cannot be matched over columns of jamo and of bytes or subwords."
        raise Mistake(what, "Give a list of permitted answers: --allow FILE.")
    written = {character for part in parts for symbol in part.written() for character in str(symbol)}
    known = written | {"\t", *(part.separator for part in parts if part.separator)}
    if "jamo" not in alphabets:
        return CharacterUnits(sorted(known))
    syllables = (chr(FIRST_SYLLABLE + place) for place in range(LEADS * VOWELS * TRAILS))
    return CharacterUnits(sorted(known.union(syllables)), decompose)


def _prefixes(part: Tokenizer, units: Units, shift: int) -> _Prefix:
    """The symbols of a column by their units; `shift` is added to its ids."""
    root = _Prefix()
    for place, symbol in enumerate(part.written()):
        node = root
        for unit in symbol if part.alphabet != "characters" else units.spell(str(symbol)):
            node = node.following.setdefault(unit, _Prefix())
        node.ids.append(len(SPECIALS) + place + shift)
    return root
