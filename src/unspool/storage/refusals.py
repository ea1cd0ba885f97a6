"""What to say when the system refuses to write: the file, the reason, and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unspool.errors import Mistake


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """In this context, an error of the system is a `Mistake` that names the file or folder to be written."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: OSError) -> Mistake:
    """The `Mistake` for an error of the system while this path was written."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            what = f"The disk is full: {path} could not be written; what was there before has not changed."
            return Mistake(what, "Free some space, then try again; a training continues with --resume.")
        case errno.EFBIG:
            what = f"{path} could not be written: it would be larger than this process may write (ulimit -f)."
            return Mistake(what, "Raise the limit (ulimit -f unlimited), then try again.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            reason = "its file system is read-only" if error.errno == errno.EROFS else "there is no permission"
            what = f"{path} could not be written: {reason}."
            return Mistake(what, "Give a path where you may write, or change the permissions of the folder.")
        case errno.EISDIR:
            return Mistake(f"{path} is a folder, and a file is to be written.", "Give the name of a file.")
        case errno.ENOTDIR | errno.EEXIST:
            what = f"{path} could not be written: a part of this path is a file, not a folder."
            return Mistake(what, "Give another path.")
    what = f"{path} could not be written: {error.strerror or error}."
    return Mistake(what, "Check the path, and whether the disk is in order.")
