"""The person's folder of compiled libraries. A damaged file is never loaded, nor one that somebody else could change.

loops-FINGERPRINT.so        the library
loops-FINGERPRINT.so.hash   its hash, written after it
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unspool.storage.atomic import flush
from unspool.storage.cache import cache_folder

OTHERS_MAY_WRITE = 0o022


def open_library(path: Path) -> ctypes.CDLL:
    """Load a shared library."""
    return ctypes.CDLL(str(path))


def load_stored(name: str, build: Callable[[Path], None], load: Callable[[Path], Any] = open_library) -> Any:
    """Load a library from the folder; `build` writes it to a path if it is missing, damaged or not ours.

    Without a folder that is safe to use (a person has no home folder, or others may write there), the library is built
    in a temporary folder for this process alone.
    """
    folder = _own_folder()
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            build(Path(temporary) / name)
            return load(Path(temporary) / name)
    path = folder / name
    if not _is_intact(path):
        _write(path, build)
    return load(path)


def _own_folder() -> Path | None:
    try:
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_own(folder):
            folder.chmod(0o700)
        return folder if _only_we_write(folder) and os.access(folder, os.W_OK | os.X_OK) else None
    except (OSError, RuntimeError):  # Python's error where there is neither HOME nor a line in /etc/passwd
        return None


def _is_intact(path: Path) -> bool:
    """Whether the library is there as it was written, and nobody else could have written it."""
    try:
        whole = _hash_path(path).read_bytes() == _hash(path)
        return whole and _only_we_write(path) and _only_we_write(_hash_path(path))
    except OSError:
        return False


def _write(path: Path, build: Callable[[Path], None]) -> None:
    """Build beside the folder's files and rename when all is on the disk; another process may do the same."""
    with tempfile.TemporaryDirectory(dir=path.parent) as temporary:
        made = Path(temporary) / path.name
        build(made)
        _hash_path(made).write_bytes(_hash(made))
        for file, target in ((made, path), (_hash_path(made), _hash_path(path))):
            file.chmod(0o700)
            flush(file)
            os.replace(file, target)
        flush(path.parent)


def _hash_path(path: Path) -> Path:
    return path.with_name(path.name + ".hash")


def _hash(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).hexdigest().encode()


def _only_we_write(path: Path) -> bool:
    return _is_own(path) and not path.stat().st_mode & OTHERS_MAY_WRITE


def _is_own(path: Path) -> bool:
    return not hasattr(os, "geteuid") or path.stat().st_uid == os.geteuid()
