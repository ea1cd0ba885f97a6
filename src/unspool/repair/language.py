"""What the repair of code must know about a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from unspool.repair.code import Code, Lexer
from unspool.repair.edits import TokenEdit


class Complaint(NamedTuple):
    """What a critic finds wrong: a place, from 1, and a message."""

    line: int
    column: int
    message: str


class Critic(Protocol):
    """Says what is wrong with code, and runs none of it.

    runs_a_program: whether it asks another program, so that several checks may run side by side
    hides_errors:   whether an error may hide others that come after it
    """

    runs_a_program: bool
    hides_errors: bool

    def check(self, text: str, at_most: int = 10) -> list[Complaint]:
        """The errors in the order in which they are found, at most this many; none if the code is whole.

        A `Mistake` if the critic itself is absent or could not finish within its limits.
        """
        ...


# A way in which people break code: an edit of correct code, or None where it cannot be made.
Corruption = Callable[[Code, Random], TokenEdit | None]


@dataclass(frozen=True)
class Language:
    """A language that can be repaired.

    name, title: as in files and options, and for people
    suffixes:    of its files
    words:       keywords and names that every program may use; a misspelt one is recognised
    mistakes:    how people break code, by name, and how often each is drawn
    critic:      makes a critic for a file in this folder (None: in no folder)
    decode:      the text of a file and its encoding, or a `Mistake` that begins with the name of the file
    declarations: how lines that declare a name begin; a name that is missing may belong there
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    lexer: Lexer
    keywords: frozenset[str]
    words: frozenset[str]
    mistakes: Mapping[str, tuple[Corruption, float]]
    critic: Callable[[Path | None], Critic]
    decode: Callable[[bytes, str], tuple[str, str]]
    indents: bool = False
    declarations: frozenset[str] = field(default_factory=frozenset)

    def corruptions(self) -> tuple[Sequence[Corruption], Sequence[float]]:
        """The mistakes and their weights."""
        pairs = list(self.mistakes.values())
        return [made for made, _ in pairs], [weight for _, weight in pairs]
