"""Writing a folder atomically."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unspool.runtime.manifest import MANIFEST


@contextmanager
def atomic_directory(target: Path) -> Iterator[Path]:
    """A temporary folder next to `target`, which becomes `target` if the block succeeds, and is deleted otherwise.

    If `target` exists, its files are replaced, the manifest last, and other files stay as they are. In the meantime
    there is no manifest, so no reader finds an incomplete folder.
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
