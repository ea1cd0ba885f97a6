"""The libraries of sound, imported when they are needed: librosa loads in two seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unspool.errors import MissingExtra

EXTRA = "audio"


def librosa() -> Any:
    """Frames, their way back to sound, other rates, and time warping (McFee et al. 2015)."""
    try:
        import librosa as library
    except ImportError:
        raise MissingExtra("Working with sound", EXTRA) from None
    return library


def soundfile(path: Path) -> Any:
    """Files of sound; path: the one that is read or written, for the message if the library is missing."""
    try:
        import soundfile as library
    except ImportError:
        raise MissingExtra(f"Reading or writing {path}", EXTRA) from None
    return library
