"""The repair of a whole text: place by place, edits that a network proposes are tried against the critic.

An edit is kept only if the number of errors falls. The first one that leaves none ends the search; edits are tried by
what they cost, so that a small edit comes before a large one. Where no edit helps, simple ones are tried.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, Protocol

from unspool.errors import Mistake
from unspool.repair.code import Code, lines_of
from unspool.repair.edits import TokenEdit, apply
from unspool.repair.fixer import Candidate
from unspool.repair.language import Complaint, Critic, Language
from unspool.repair.places import places
from unspool.repair.simple_edits import simple_edits
from unspool.repair.spacing import Spacing
from unspool.repair.window import CodeSymbols, CodeWindow

# What a token more of an edit costs, in nats.
TOKEN_COST = 1.0
# Where errors are left, the most tokens fewer that an edit may leave: what is deleted has no errors, and is no repair.
MOST_REMOVED = 1


class Proposes(Protocol):
    """Proposes edits of windows, the most probable first; see `Fixer`."""

    symbols: CodeSymbols

    def candidates(self, windows: Sequence[CodeWindow]) -> list[Candidate]:
        """Edits for these windows of one code."""
        ...


class Bounds(NamedTuple):
    """Where a repair ends, whole or not.

    seconds:  for a text, besides the last try; edits: how many are made; tries: for each of them
    complaints: that are looked at, until an edit helps; windows: for each of them
    further:  tries after the first edit that helps, for one that leaves no error
    simple:   tries of `simple_edits` for the first complaint, where nothing that the network proposes helps
    errors:   that are counted
    """

    seconds: float = 10.0
    edits: int = 12
    tries: int = 30
    complaints: int = 3
    windows: int = 4
    further: int = 8
    simple: int = 100
    errors: int = 20


BOUNDS = Bounds()


@dataclass(frozen=True)
class Repaired:
    """A text after the repair.

    before, after: what the critic said; edits: how many were made; stopped: why it ended early, or ""
    """

    text: str
    before: Sequence[Complaint]
    after: Sequence[Complaint]
    edits: int = 0
    stopped: str = field(default="")

    @property
    def whole(self) -> bool:
        """Whether the critic is content."""
        return not self.after


def repair(text: str, fixer: Proposes, critic: Critic, bounds: Bounds = BOUNDS) -> Repaired:
    """Repair a text as far as possible. One that the critic is content with is returned as it is."""
    deadline = time.monotonic() + bounds.seconds
    before = after = critic.check(text, bounds.errors)
    edits = 0
    while after and edits < bounds.edits:
        better = None
        for complaint in after[: bounds.complaints]:
            better = better or _improve(text, complaint, len(after), fixer, critic, bounds, deadline)
        better = better or _simply_repaired(text, after[0], fixer.symbols.language, critic, bounds, deadline)
        if better is None:
            break
        text, after = better
        edits += 1
    late = bool(after) and time.monotonic() > deadline
    return Repaired(text, before, after, edits, f"it took longer than {bounds.seconds:g} seconds" if late else "")


def _improve(
    text: str, complaint: Complaint, count: int, fixer: Proposes, critic: Critic, bounds: Bounds, deadline: float
) -> tuple[str, list[Complaint]] | None:
    """The text after the best edit for a complaint, and what is left of `count` complaints; None if no edit helps."""
    best: tuple[str, list[Complaint]] | None = None
    onward: tuple[str, list[Complaint]] | None = None
    after_first = 0
    for edit, changed in _proposals(text, complaint, fixer, bounds):
        if time.monotonic() > deadline or after_first > bounds.further:
            break
        fewest = len(best[1]) if best else count
        try:
            left = critic.check(changed, fewest)
        except Mistake:  # the critic could not finish: this edit is none
            continue
        is_small = edit.end - edit.start <= len(edit.texts) + MOST_REMOVED
        if len(left) < fewest and (not left or (is_small and _keeps_lines(text, changed))):
            best = changed, left
            if not left:
                break
        elif critic.hides_errors and is_small and left and min(one.line for one in left) > complaint.line:
            onward = onward or (changed, left)
        after_first += best is not None
    return best or onward


def _keeps_lines(before: str, after: str) -> bool:
    """Whether no lines were joined: two broken lines as one would be one error less, and no repair."""
    return len(lines_of(after)) >= len(lines_of(before))


def _simply_repaired(
    text: str, complaint: Complaint, language: Language, critic: Critic, bounds: Bounds, deadline: float
) -> tuple[str, list[Complaint]] | None:
    """The text after the first simple edit that leaves no error; None if none does."""
    code = language.lexer.read(text)
    spacing = Spacing(code, language.lexer, language.keywords)
    for edit in islice(simple_edits(code, complaint), bounds.simple):
        if time.monotonic() > deadline:
            break
        changed = apply(code, edit, spacing)
        with suppress(Mistake):  # the critic could not finish: this edit is none
            if changed != text and not critic.check(changed, 1):
                return changed, []
    return None


def _proposals(text: str, complaint: Complaint, fixer: Proposes, bounds: Bounds) -> Iterator[tuple[TokenEdit, str]]:
    """Each proposed edit with the text after it, the cheapest first, each different text once."""
    language = fixer.symbols.language
    code = language.lexer.read(text)
    spacing = Spacing(code, language.lexer, language.keywords)
    seen = {text}
    for edit in _ranked(code, complaint, fixer, bounds):
        changed = apply(code, edit, spacing)
        if changed not in seen:
            seen.add(changed)
            yield edit, changed


def _ranked(code: Code, complaint: Complaint, fixer: Proposes, bounds: Bounds) -> list[TokenEdit]:
    """The proposed edits by their cost: how improbable they are, and how many tokens they change."""
    looked_at = places(code, complaint, fixer.symbols.language)[: bounds.windows]
    windows = [CodeWindow(code, place, complaint, fixer.symbols) for place in looked_at]
    candidates = fixer.candidates(windows) if windows else []

    def cost(one: Candidate) -> float:
        return TOKEN_COST * one.edit.distance(code) - one.log_prob

    return [candidate.edit for candidate in sorted(candidates, key=cost)[: bounds.tries]]
