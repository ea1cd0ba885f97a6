"""How this program was started, so that a command that is printed can be typed again."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def program() -> str:
    """Its name if the shell finds it by that, otherwise its path; `python -m unspool` if Python was asked for it."""
    path = Path(sys.argv[0])
    if path.name == "__main__.py":
        return f"{Path(sys.executable).name} -m unspool"
    found = shutil.which(path.name)
    return path.name if found and Path(found).resolve() == path.resolve() else str(path)
