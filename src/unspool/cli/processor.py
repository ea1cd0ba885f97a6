"""How a command uses the machine: threads that soon sleep, memory and kernels that are kept (decisions 4, 5).

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
# Products compiled for their shapes that oneDNN keeps; its own 1,024 are those of some twenty batches.
KERNELS = "4096"


def configure_process() -> None:
    """Say all of it before PyTorch is loaded; a person's own choice in the environment stays."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KERNELS)
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
