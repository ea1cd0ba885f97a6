"""The standard streams: text is UTF-8 on both sides of a filter, and a stream may be closed or full."""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper
from typing import TextIO

OUTPUT = "Standard output"
# What stands in for a closed stream: reading input or writing output is an error, but messages may be lost.
FLAGS = {0: os.O_WRONLY, 1: os.O_RDONLY, 2: os.O_WRONLY}


class Output(TextIOWrapper):
    """Standard output, whose errors name it as files' errors name the file."""

    def write(self, text: str) -> int:
        """See `TextIOWrapper.write`."""
        try:
            return super().write(text)
        except OSError as error:
            raise OSError(error.errno, error.strerror, OUTPUT) from None

    def flush(self) -> None:
        """See `TextIOWrapper.flush`."""
        try:
            super().flush()
        except OSError as error:
            raise OSError(error.errno, error.strerror, OUTPUT) from None


def open_streams() -> None:
    """Give every stream a file, so that no other file gets its number, and let it write UTF-8.

    A terminal keeps its encoding. Characters that it lacks are written as escapes.
    """
    for number, flags in FLAGS.items():
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest free number
    sys.stdin = sys.stdin or _opened(0, "r")
    sys.stderr = _spelled(sys.stderr or _opened(2, "w"))
    if sys.stdout is None or sys.stdout is sys.__stdout__:  # not one that a test put there
        stream = _spelled(sys.stdout or _opened(1, "w"))
        same = {name: getattr(stream, name) for name in ("encoding", "errors", "line_buffering", "write_through")}
        sys.stdout = Output(stream.detach(), **same)


def describe_failure(error: OSError) -> tuple[str, str] | None:
    """What happened and what to do, if an error comes from a standard stream."""
    reason = error.strerror or str(error)
    if error.filename == OUTPUT:
        return f"{OUTPUT} cannot be written: {reason}.", "Send it somewhere else: > FILE"
    if error.filename is None and error.errno == errno.EBADF:
        return f"Standard input cannot be read: {reason}.", "Give a file, or send lines: < FILE"
    return None


def give_up_output() -> None:
    """Discard what is left to write if it cannot be written, so that the process can end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _opened(number: int, mode: str) -> TextIOWrapper:
    stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 (it stays open)
    assert isinstance(stream, TextIOWrapper)
    return stream


def _spelled(stream: TextIO) -> TextIOWrapper:
    assert isinstance(stream, TextIOWrapper)  # as Python opens it
    stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")
    return stream
