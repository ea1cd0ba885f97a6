"""Process settings of the command line: short spinning of threads, memory and kernels that are kept (decisions 4, 5).

Only the command line sets them, because a library should not change its host's process.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Annotated

import typer

from unspool.processors import asked, available

# glibc's own numbers for mallopt, and its largest threshold.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGEST = 32 << 20
KEPT = 1 << 30
# Kernels that oneDNN keeps, one for each shape of a product. Its default of 1,024 is enough for about twenty batches.
KERNELS = "4096"
# The option --threads.
Threads = Annotated[int | None, typer.Option(min=1, max=1024, help="Processor threads. Default: all.")]


def use_threads(count: int | None) -> None:
    """Limit the threads of PyTorch, ONNX Runtime and the tokenizers, which read it from the environment when loaded."""
    if count is not None:
        os.environ.update(OMP_NUM_THREADS=str(count), RAYON_NUM_THREADS=str(count))
        if torch := sys.modules.get("torch"):
            torch.set_num_threads(count)


def beside_a_server(threads: int | None) -> int:
    """The threads of a model behind HTTP: what is asked for, or one less than there are processors."""
    return asked(threads) or max(1, available() - 1)


def configure_process() -> None:
    """Set everything before PyTorch is loaded; the user's own environment variables stay."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KERNELS)
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    if sys.platform == "linux" and not any(name.startswith("MALLOC_") for name in os.environ):
        keep_memory()


def keep_memory() -> None:
    """Keep freed arrays of up to 32 MiB on the heap for reuse, instead of returning them to the system."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc, not musl
        mallopt(MMAP_THRESHOLD, LARGEST)
        mallopt(TRIM_THRESHOLD, KEPT)
