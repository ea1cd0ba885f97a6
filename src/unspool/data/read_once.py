"""Inputs that can be read only once: standard input, pipes, process substitution.

A table is read several times: to see its columns, to hold out validation data, to fit tokenizers, to encode. Inside
`read_once` such an input is copied to a temporary file at its first reading, and every reading is of the copy.

    with read_once():
        Table([Path("-")])
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from unspool.errors import Mistake

STDIN = Path("-")


class _Copies:
    """The copies of this process, while at least one `read_once` is open."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.depth = 0
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        self.paths: dict[Path, Path] = {}


_COPIES = _Copies()


@contextmanager
def read_once() -> Iterator[None]:
    """Copies are kept until the outermost of these blocks ends."""
    with _COPIES.lock:
        _COPIES.depth += 1
    try:
        yield
    finally:
        with _COPIES.lock:
            _COPIES.depth -= 1
            if not _COPIES.depth:
                folder, _COPIES.folder, _COPIES.paths = _COPIES.folder, None, {}
                if folder:
                    folder.cleanup()


def can_be_read_again(path: Path) -> bool:
    """Whether a path names a file that a later reading finds unchanged; a path that does not exist counts as one."""
    return path != STDIN and (not path.exists() or path.is_file() or path.is_dir())


def open_anything(path: Path, *, last: bool = False) -> BinaryIO:
    """Open a file, `-` (standard input) or a pipe for reading; a device without an end is a `Mistake`.

    last: it is not read again, so a pipe need not be copied, and its lines are there as soon as they arrive
    """
    if can_be_read_again(path):
        return path.open("rb")
    with _COPIES.lock:
        if last or not _COPIES.depth:
            return _open_once(path)
        if path not in _COPIES.paths:
            _COPIES.folder = _COPIES.folder or tempfile.TemporaryDirectory(prefix="unspool-")
            copy = Path(_COPIES.folder.name) / str(len(_COPIES.paths))
            with _open_once(path) as stream, copy.open("wb") as file:
                shutil.copyfileobj(stream, file)
            _COPIES.paths[path] = copy
        return _COPIES.paths[path].open("rb")


def _open_once(path: Path) -> BinaryIO:
    if path == STDIN:
        return standard_input()
    if _endless(path):
        raise Mistake(f"{path} is a device, not a file.", "Give a file, or '-' for standard input.")
    return path.open("rb")


def standard_input() -> BinaryIO:
    """Standard input by its file number, because Python cannot exit while a thread waits inside `sys.stdin`."""
    if sys.stdin is None:  # the process was started without one
        raise Mistake("Standard input is closed.", "Give a file, or a pipe: cat FILE | unspool …")
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except OSError:  # not a real file: something in Python replaced it
        return sys.stdin.buffer


def _endless(path: Path) -> bool:
    """Whether this is a device other than /dev/null and terminals."""
    found = path.stat()
    if stat.S_ISBLK(found.st_mode):
        return True
    if not stat.S_ISCHR(found.st_mode) or found.st_rdev == os.stat(os.devnull).st_rdev:
        return False
    with path.open("rb", buffering=0) as device:
        return not device.isatty()
