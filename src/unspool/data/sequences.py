"""Pairs in which at least one side is real values: what every file format of them is read as."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from unspool.fields.field import Raw

# What a side of the data is: text, numbers, or sound that is read as numbers.
SideKind: TypeAlias = Literal["text", "values", "sound"]
TEXT: SideKind = "text"
VALUES: SideKind = "values"
SOUND: SideKind = "sound"


class Held(NamedTuple):
    """What both sides of the data are; text if there is nothing on a side.

    ink: whether it is drawings and their texts, of which the task says which is read
    """

    source: SideKind = TEXT
    target: SideKind = TEXT
    ink: bool = False

    @property
    def real(self) -> bool:
        """Whether either side is real values."""
        return (self.source, self.target) != (TEXT, TEXT)


DRAWINGS = Held(VALUES, ink=True)


class SequencePair(NamedTuple):
    """A source and a target, each a text ("" if there is none) or `[S, F]`, and their place for messages."""

    source: Raw
    target: Raw
    place: str
