"""How a command uses the machine: threads that soon sleep, and memory that is kept (docs/decisions/0004, 0005).

Only the command line says this: a library does not change its host's process.
"""

from __future__ import annotations

import ctypes
import os
import sys

# glibc's own numbers for mallopt, and its largest threshold.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGEST = 32 << 20
KEPT = 1 << 30


def settle() -> None:
    """Say both before PyTorch is loaded; a person's own choice in the environment stays."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    if sys.platform == "linux" and not any(name.startswith("MALLOC_") for name in os.environ):
        keep_memory()


def keep_memory() -> None:
    """Freed arrays of up to 32 MiB go back to the heap and are used again, instead of to the system and back."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc, not musl
        mallopt(MMAP_THRESHOLD, LARGEST)
        mallopt(TRIM_THRESHOLD, KEPT)
