"""The device that tensors are on, and the processor threads that work on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from unspool.errors import Mistake

NO_GPU = "Leave --device out to use the processor. With an NVIDIA GPU, install PyTorch for it: https://pytorch.org"


def device_of(name: str) -> torch.device:
    """`auto` is the first GPU if there is one, else the CPU."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.partition(":")[0] in ("cuda", "gpu") and not torch.cuda.is_available():
        built = "PyTorch finds no GPU" if torch.version.cuda else "this PyTorch is built for processors only"
        raise Mistake(f"There is no GPU to use for '{name}': {built}.", NO_GPU)
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError):
        device = None
    if device is None or device.type not in ("cpu", "cuda"):
        raise Mistake(f"There is no device '{name}' here.", "Use --device auto, cpu or cuda.")
    return device


@contextmanager
def own_threads() -> Iterator[None]:
    """In this context, a run may set the number of PyTorch's threads; afterwards it is as before."""
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
