"""What is damaged and how: named changes to valid files, drawn with a seeded generator.

    Damage    a named change to a file
    Use       what a person types with the damaged file, and what stands on standard input
    Subject   a valid file, its damages, and its uses
    Case      one subject, one or two of its damages, one of its uses: the same for the same number

A subject lays out its valid file, and whatever that needs, in an empty folder and returns the path of the file.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Damage(NamedTuple):
    """A named change to a file or a folder in its place."""

    name: str
    apply: Callable[[Path, random.Random], None]


class Use(NamedTuple):
    """The words after `unspool`, and standard input."""

    words: Sequence[object]
    stdin: bytes = b""


@dataclass(frozen=True)
class Subject:
    """A kind of file. `uses` gets the damaged file, which lies in a folder where results may be written."""

    name: str
    lay_out: Callable[[Path], Path]
    uses: Callable[[Path], Sequence[Use]]
    damages: Sequence[Damage] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """A damaged file and a use of it."""

    number: int
    subject: Subject

    def prepare(self, folder: Path) -> tuple[str, Use]:
        """Lay out and damage the file in an empty folder; a description for people, and what to type."""
        draw = random.Random(f"{self.subject.name} {self.number}")
        path = self.subject.lay_out(folder)
        chosen = draw.choices(self.subject.damages, k=1 + (draw.random() < 0.2))
        for damage in chosen:
            if path.is_file():  # an earlier damage may have removed it
                damage.apply(path, draw)
        use = draw.choice(self.subject.uses(path))
        words = " ".join(str(word) for word in use.words)
        return f"{self.subject.name} {self.number}: {' and '.join(damage.name for damage in chosen)}: {words}", use


def on_bytes(name: str, change: Callable[[bytes, random.Random], bytes]) -> Damage:
    """A damage that changes the content of a file."""
    return Damage(name, lambda path, draw: _rewrite(path, change(path.read_bytes(), draw)))


def on_text(name: str, change: Callable[[str, random.Random], str]) -> Damage:
    """A damage that changes the text of a file; what an earlier damage left unreadable becomes U+FFFD."""

    def changed(content: bytes, draw: random.Random) -> bytes:
        return change(content.decode("utf-8", "replace"), draw).encode("utf-8", "surrogatepass")

    return on_bytes(name, changed)


def _rewrite(path: Path, content: bytes) -> None:
    path.write_bytes(content)
