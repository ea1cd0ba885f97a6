"""Errors that the user can correct: one line tells what happened, one line what to do.

Everything that a user can cause (a missing file, a wrong column, a misspelt key) is raised as one of these. The user
sees two lines without a traceback. Every other error is a bug of ours and keeps its traceback.

    Mistake(ValueError)        the user's input breaks a rule; exit code 2
    MissingExtra(Mistake)      a command needs an optional library; gives the command that installs it
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

# Names that a remedy compares and lists. A file may name very many columns, or one by a whole text.
MOST_COMPARED, MOST_LISTED, LONGEST_COMPARED = 1000, 200, 100


class Mistake(ValueError):
    """The input breaks a rule. `what` names the rule, the value, the file and the line; `remedy` tells what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class MissingExtra(Mistake):
    """A library of an optional extra is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs the extra '{extra}', which is not installed.", f"Run: pip install 'unspool[{extra}]'"
        )


def lacks_memory(error: BaseException) -> bool:
    """Whether this is Python, NumPy or PyTorch asking for more memory than there is."""
    text = str(error)
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and ("allocate" in text or "out of memory" in text)
    )


@contextmanager
def memory_for(what: str, remedy: str) -> Iterator[None]:
    """In this context, too little memory is a `Mistake` that tells what it was needed for."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not lacks_memory(error):
            raise
        detail = f" ({str(error).splitlines()[0]})" if str(error) else ""
        raise Mistake(f"There is not enough memory for {what}{detail}.", remedy) from error


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy for a misspelt `word`: the nearest known name first, then all of them, as far as they can be read."""
    names = sorted(known)
    compared = [name for name in names[:MOST_COMPARED] if len(name) <= LONGEST_COMPARED]
    close = difflib.get_close_matches(word[:LONGEST_COMPARED], compared, n=1, cutoff=0.5)
    suggestion = f"Did you mean '{close[0]}'? " if close else ""
    more = f" and {len(names) - MOST_LISTED:,} more" if len(names) > MOST_LISTED else ""
    listed = ", ".join(name[:LONGEST_COMPARED] for name in names[:MOST_LISTED])
    return f"{suggestion}Known: {listed}{more}."
