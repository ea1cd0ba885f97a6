"""Characters as the units that symbols are made of: themselves, jamo, or bytes of UTF-8.

A character class becomes a graph over units, the smallest one: of it a byte or a jamo can be taken at a time. `한` is
three jamo or three bytes, and both are its only spelling, so that answers are spelled as the tokenizer spells them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeAlias

Unit: TypeAlias = str | int


@dataclass(frozen=True, eq=False, slots=True)
class Spelled:
    """A node of a graph of spellings. ends: whether a character may end here; following: by the next unit."""

    ends: bool
    following: dict[Unit, Spelled]


class Units(Protocol):
    """One way to spell characters."""

    def spell(self, text: str) -> Sequence[Unit]:
        """The units of a text."""
        ...

    def graph(self, members: re.Pattern[str]) -> Spelled:
        """The spellings of the characters of a class, which is a pattern of one or more of them."""
        ...


class Shared:
    """Makes each different node once, so that a graph is as small as can be."""

    def __init__(self) -> None:
        self._known: dict[tuple[bool, tuple[tuple[Unit, int], ...]], Spelled] = {}
        self.end = self.node(True, {})

    def node(self, ends: bool, following: dict[Unit, Spelled]) -> Spelled:
        """The node with these edges."""
        key = ends, tuple((unit, id(node)) for unit, node in sorted(following.items()))
        return self._known.setdefault(key, Spelled(ends, following))


class CharacterUnits:
    """Units are characters: `inventory` lists all that a model can write, and `spelled` splits one of them."""

    def __init__(self, inventory: Iterable[str], spelled: Callable[[str], str] = str) -> None:
        self._spellings = {character: spelled(character) for character in inventory}
        self._spelled, self._shared = spelled, Shared()

    def spell(self, text: str) -> Sequence[Unit]:
        """See `Units.spell`."""
        return self._spelled(text)

    def graph(self, members: re.Pattern[str]) -> Spelled:
        """See `Units.graph`."""
        nested = _Nested()
        for character, units in self._spellings.items():
            if members.fullmatch(character):
                node = nested
                for unit in units:
                    node = node.following.setdefault(unit, _Nested())
                node.ends = True
        return self._made(nested)

    def _made(self, nested: _Nested) -> Spelled:
        return self._shared.node(nested.ends, {unit: self._made(node) for unit, node in nested.following.items()})


class _Nested:
    def __init__(self) -> None:
        self.ends = False
        self.following: dict[str, _Nested] = {}


# Of each length in UTF-8 the first and last code points, and the bits of the first byte that tell the length.
LENGTHS = ((0x0, 0x7F, 0x00), (0x80, 0x7FF, 0xC0), (0x800, 0xFFFF, 0xE0), (0x10000, 0x10FFFF, 0xF0))


class ByteUnits:
    """Units are the bytes of UTF-8, and all of Unicode can be written."""

    def __init__(self) -> None:
        self._shared = Shared()
        self._tails: dict[tuple[int, tuple[tuple[int, int], ...]], Spelled] = {}

    def spell(self, text: str) -> Sequence[Unit]:
        """See `Units.spell`."""
        return text.encode()

    def graph(self, members: re.Pattern[str]) -> Spelled:
        """See `Units.graph`."""
        following: dict[Unit, Spelled] = {}
        runs = [(ord(found[0][0]), ord(found[0][-1])) for found in members.finditer(_all_characters())]
        runs = [part for low, high in runs for part in _without_surrogates(low, high)]
        for more, (first, last, mark) in enumerate(LENGTHS):
            inside = [(max(low, first), min(high, last)) for low, high in runs if low <= last and high >= first]
            for lead, ranges in _split(inside, 64**more).items():
                following[mark | lead] = self._tail(more, tuple(ranges))
        return self._shared.node(False, following)

    def _tail(self, more: int, ranges: tuple[tuple[int, int], ...]) -> Spelled:
        """The last `more` bytes of code points in these ranges, of which 6 · more bits are left."""
        if more == 0:
            return self._shared.end
        if (more, ranges) not in self._tails:
            parts = _split(ranges, 64 ** (more - 1))
            following: dict[Unit, Spelled] = {
                0x80 | byte: self._tail(more - 1, (*rest,)) for byte, rest in parts.items()
            }
            self._tails[more, ranges] = self._shared.node(False, following)
        return self._tails[more, ranges]


def _split(ranges: Iterable[tuple[int, int]], size: int) -> dict[int, list[tuple[int, int]]]:
    """Ranges by their quotient by `size`; what is left of each are remainders."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for low, high in ranges:
        for at in range(low // size, high // size + 1):
            begin = at * size
            parts.setdefault(at, []).append((max(low, begin) - begin, min(high, begin + size - 1) - begin))
    return parts


def _without_surrogates(low: int, high: int) -> list[tuple[int, int]]:
    parts = ((low, min(high, 0xD7FF)), (max(low, 0xE000), high))
    return [(first, last) for first, last in parts if first <= last]


@cache
def _all_characters() -> str:
    return "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
