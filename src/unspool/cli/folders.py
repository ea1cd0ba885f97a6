"""Which of a command's arguments are models, and which are files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

MODELS_AND_FILES = "MODEL|FILE"


def models_and_files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The first argument is a model, and so is every other folder; whatever else there is, '-' too, is a file."""
    first, *others = paths
    return [first, *(path for path in others if path.is_dir())], [path for path in others if not path.is_dir()]
