"""The person's folder for what can be made or fetched again."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """`unspool` in XDG_CACHE_HOME, or where the system keeps caches; it need not exist.

    Raises RuntimeError, as Python does, where there is no home folder.
    """
    given = os.environ.get("XDG_CACHE_HOME")
    caches = Path(given) if given else Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return caches / "unspool"
