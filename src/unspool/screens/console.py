"""Messages, errors and progress bars, which go to stderr, and lines of results, which go to stdout.

Names, labels and symbols in them come from a person's files, and those may hold commands for the terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from unspool.visible import visible

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """A rich console on stderr; plain text if stderr is not a terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


class Stopped(Exception):
    """The user stopped a command and it ended cleanly. `what` tells what is saved, `remedy` how to continue."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def say(message: str) -> None:
    """Print one line of information. A terminal that was closed in the meantime does not end the work."""
    with suppress(OSError):
        print(visible(message, lines=True), file=sys.stderr, flush=True)


def write(result: str) -> None:
    """Print lines of a result: as they are into a file or a pipe, without hidden characters on a terminal."""
    print(visible(result, lines=True) if sys.stdout.isatty() else result)


def print_error(what: str, remedy: str = "") -> None:
    """Print what went wrong and what to do about it."""
    what = visible(what, lines=True)
    with suppress(OSError):
        print(f"\033[31m{what}\033[0m" if sys.stderr.isatty() else what, file=sys.stderr, flush=True)
    if remedy:
        say(remedy)


@contextmanager
def counting(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    """A progress bar with the time left, on a terminal or in a notebook; yields the function that advances it."""
    screen = console()
    if screen.is_jupyter:
        from unspool.screens import notebook

        with notebook.counting(total, what) as count:
            yield count
        return
    if not screen.is_terminal:
        yield lambda count: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)
