"""Separates a command's arguments into models and files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

MODELS_AND_FILES = "MODEL|FILE"


def models_and_files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Models and files: the first argument and all folders are models; everything else, also '-', is a file."""
    first, *others = paths
    return [first, *(path for path in others if path.is_dir())], [path for path in others if not path.is_dir()]
