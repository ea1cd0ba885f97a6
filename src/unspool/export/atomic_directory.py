"""A folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unspool.runtime.manifest import MANIFEST


@contextmanager
def atomic_directory(target: Path) -> Iterator[Path]:
    """A folder to fill, beside `target`, which it becomes when the block ends well; otherwise nothing is left of it.

    In a folder that is there already the files are replaced, the manifest last, and others stay as they are: whoever
    reads it meanwhile finds no manifest.
    """
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        if target.exists():
            (target / MANIFEST).unlink(missing_ok=True)
            for file in sorted(partial.iterdir(), key=lambda file: file.name == MANIFEST):
                os.replace(file, target / file.name)
        else:
            os.replace(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
