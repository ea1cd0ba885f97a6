"""Locks: one process at a time writes into a folder. The system releases the lock of a process that dies."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unspool.errors import Mistake
from unspool.storage.refusals import refusals

with suppress(ImportError):  # not a POSIX system: there is no protection
    import fcntl

LOCK = ".unspool-lock"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """In this context only we write into the folder, which is made if it is missing, and removed if it stays empty.

    The lock is a file with the process and the host of its holder. If another one holds it, that is a `Mistake`.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        with refusals(folder):
            folder.mkdir(parents=True, exist_ok=True)
            file = _take(folder)
        try:
            yield
        finally:
            try:
                (folder / LOCK).unlink(missing_ok=True)
            finally:
                os.close(file)
    finally:
        with suppress(OSError):  # something is in it now
            for path in new:
                path.rmdir()


def try_lock(file: int) -> bool | None:
    """Lock an open file or folder. False if another one holds it; None if its file system knows no locks."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (OSError, NameError):
        return None
    return True


def _take(folder: Path) -> int:
    """The open and locked file."""
    path = folder / LOCK
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if try_lock(file) is False:
            holder = _holder(file)
            os.close(file)
            raise Mistake(f"{folder} is in use by {holder}.", "Wait until it ends, stop it, or give another --out.")
        if os.fstat(file).st_nlink:
            break
        os.close(file)  # the last holder removed this file just before we locked it
    os.ftruncate(file, 0)
    os.write(file, json.dumps({"process": os.getpid(), "host": socket.gethostname()}).encode())
    return file


def _holder(file: int) -> str:
    """Who holds a lock, in words."""
    try:
        holder = json.loads(os.pread(file, 1000, 0))
        return f"process {int(holder['process'])} on {str(holder['host'])!r}"
    except (ValueError, KeyError, TypeError):  # it was taken a moment ago
        return "another process"
