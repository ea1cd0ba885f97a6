"""Lines that a person types: with editing and history on a terminal, and line by line from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

from unspool.data.read_once import standard_input
from unspool.data.reading import Reading
from unspool.data.sources import stream_sources

PROMPT = "> "


def lines() -> Iterator[str]:
    """The lines of standard input without their ends, until it ends or the person presses Ctrl-D.

    On a terminal Ctrl-C gives up the line that is being typed. What was typed is remembered until the end and written
    nowhere.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield from stream_sources(standard_input(), Reading(whole_lines=True))
        return
    ask = _asker()
    while True:
        try:
            line = ask(PROMPT)
        except KeyboardInterrupt:
            print()
            continue
        except EOFError:
            print()
            return
        yield line


def _asker() -> Callable[[str], str]:
    """What asks for a line: prompt_toolkit's editor if it is installed, otherwise Python's."""
    try:
        from prompt_toolkit import PromptSession
    except ImportError:
        with suppress(ImportError):
            import readline  # noqa: F401 (its presence is what makes `input` edit and remember)
        return input
    session: PromptSession[str] = PromptSession()
    return session.prompt
