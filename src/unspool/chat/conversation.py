"""The lines of a conversation, and the source that the next reply is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unspool.config.chat import ChatConfig


class Turn(NamedTuple):
    """What a person said, and the reply."""

    said: str
    reply: str


class Conversation:
    """The turns so far.

    count: how many lines were answered, undone ones included: each has random numbers of its own
    """

    def __init__(self, settings: ChatConfig) -> None:
        self.settings, self.turns, self.count = settings, list[Turn](), 0

    def source(self, said: str) -> str:
        """What the model reads: the last lines with the newest one, as in its training data."""
        lines = [line for turn in self.turns for line in turn]
        return source_of([*lines, said], self.settings)

    def add(self, said: str, reply: str) -> None:
        """Remember a turn."""
        self.turns.append(Turn(said, reply))
        self.count += 1

    def undo(self) -> Turn | None:
        """Forget the last turn and return it; None if there is none."""
        return self.turns.pop() if self.turns else None

    def reset(self) -> None:
        """Forget all turns."""
        self.turns.clear()


def source_of(lines: Sequence[str], settings: ChatConfig) -> str:
    """The last lines of a conversation as one source."""
    return settings.separator.join(lines[-settings.turns :])


def pairs_of(lines: Sequence[str], settings: ChatConfig) -> Iterator[tuple[str, str]]:
    """A conversation as training data: each line is the reply to the lines before it."""
    for number in range(1, len(lines)):
        yield source_of(lines[:number], settings), lines[number]
