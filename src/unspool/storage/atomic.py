"""Files and folders that appear whole or not at all.

What is written gets a name that nobody has, in the folder where it will stand, and is flushed to the disk. Then it is
renamed. So neither a killed process nor a full disk nor a power cut damages what was there before.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unspool.storage.lock import try_lock
from unspool.storage.refusals import refusals

PARTIAL = ".unspool-partial-"
# A name that no process holds is a leftover after this many seconds: its owner locks it right after making it.
GRACE = 60


def replace(path: Path, content: bytes) -> None:
    """Write a file atomically. A device or a pipe is written to, and a link stays a link."""
    with refusals(path):
        if _is_device(path):
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)  # not that of a link's target, which may be anywhere
        path = Path(os.path.realpath(path))  # unlike Path.resolve, it has no error of its own for a link to itself
        with partial(path.parent) as temporary:
            with temporary.open("xb") as file:
                try_lock(file.fileno())
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        flush(path.parent)


@contextmanager
def partial_directory(folder: Path) -> Iterator[Path]:
    """A new folder inside another, for files that will be moved; what is left of it at the end is removed."""
    with partial(folder) as temporary:
        temporary.mkdir()
        file = os.open(temporary, os.O_RDONLY)
        try:
            try_lock(file)
            yield temporary
        finally:
            os.close(file)


@contextmanager
def partial(folder: Path) -> Iterator[Path]:
    """A name in a folder that nobody has. What still has it at the end is removed, as are leftovers of dead processes.

    Lock it with `try_lock` as soon as it is made: what is locked is in use.
    """
    for path in folder.glob(PARTIAL + "[0-9a-f]" * 16):
        if _is_left_over(path):
            remove(path)
    path = folder / (PARTIAL + secrets.token_hex(8))
    try:
        yield path
    finally:
        remove(path)


def flush(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    with suppress(OSError):  # some file systems cannot flush a folder
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def flush_all(folder: Path) -> None:
    """Wait until a folder and everything in it are on the disk."""
    for path in (*folder.rglob("*"), folder):
        flush(path)


def remove(path: Path) -> None:
    """Remove a file, or a folder with its files, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_left_over(path: Path) -> bool:
    with suppress(OSError):
        file = os.open(path, os.O_RDONLY)
        try:
            return time.time() - os.fstat(file).st_mtime > GRACE and try_lock(file) is True
        finally:
            os.close(file)
    return False


def _is_device(path: Path) -> bool:
    """Whether this is a device, a pipe or a file that is open already, such as /dev/stdout."""
    return path.absolute().is_relative_to("/dev") or (path.exists() and not (path.is_file() or path.is_dir()))
