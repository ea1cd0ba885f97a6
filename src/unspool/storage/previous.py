"""Replacing a model in its folder, so that a usable one is there at every moment.

The files of the old model get a second name in `DIR/.unspool-previous` before they leave their places. Each kind of
folder has a file, its mark, that is written last: the weights of a trained folder, the manifest of an exported one.
While the mark is missing, `usable` is the previous model.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from unspool.errors import Mistake
from unspool.storage.atomic import flush, flush_all, partial, partial_directory
from unspool.storage.refusals import refusals

PREVIOUS = ".unspool-previous"


def usable(folder: Path, *marks: str) -> Path:
    """The folder that holds the model: this one, or the one inside it with the model that is being replaced."""
    here, before = (any((place / mark).exists() for mark in marks) for place in (folder, folder / PREVIOUS))
    return folder / PREVIOUS if before and not here else folder


def set_aside(folder: Path, names: Iterable[str], mark: str) -> None:
    """Move the files with these names to the previous model's folder, the mark first; other files stay.

    If an earlier replacement did not reach its mark, the model from before it is kept, and its own files are removed.
    """
    files = [name for name in names if (folder / name).is_file()]
    if (folder / mark).exists() or not (folder / PREVIOUS).exists():
        with partial_directory(folder) as temporary:
            for name in files:
                _link(folder / name, temporary / name)
            flush_all(temporary)
            forget(folder)
            os.replace(temporary, folder / PREVIOUS)
        flush(folder)
    for name in sorted(files, key=lambda name: name != mark):
        (folder / name).unlink()
        flush(folder)


def forget(folder: Path) -> None:
    """Remove the previous model, if there is one."""
    if (folder / PREVIOUS).exists():
        with partial(folder) as temporary:
            os.replace(folder / PREVIOUS, temporary)


@contextmanager
def atomic_directory(target: Path, names: Sequence[str], mark: str) -> Iterator[Path]:
    """A temporary folder whose files, the mark among them, become those of `target` if the block succeeds.

    names: what may be written. If `target` exists and holds a model, its files of these names are replaced, and others
    stay as they are. If it holds none, a file with one of these names is somebody else's, which is a `Mistake`.
    """
    if not (target / mark).exists() and not (target / PREVIOUS).exists():
        refuse_strangers(target, names)
    with refusals(target):
        parent = target if target.is_dir() else target.parent
        parent.mkdir(parents=True, exist_ok=True)
        with partial_directory(parent) as temporary:
            yield temporary
            flush_all(temporary)
            if target.is_dir():
                _move(temporary, target, names, mark)
            else:
                os.replace(temporary, target)
        flush(parent)


def _move(temporary: Path, target: Path, names: Sequence[str], mark: str) -> None:
    """Replace the files of a folder by those of a temporary one, the mark last."""
    set_aside(target, names, mark)
    for path in sorted(temporary.iterdir(), key=lambda path: path.name == mark):
        os.replace(path, target / path.name)
        flush(target)
    forget(target)


def refuse_strangers(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder in which files that we did not write have the names of ours."""
    for name in names:
        if os.path.lexists(folder / name):
            what = f"{folder / name} is there already, and it is not from unspool: it will not be replaced."
            raise Mistake(what, "Move it away, or give another --out.")


def _link(source: Path, path: Path) -> None:
    """Another name for a file that is replaced and never changed; a copy where the file system has no such links."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)
