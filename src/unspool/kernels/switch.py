"""The one switch: which form of a kernel runs.

`UNSPOOL_KERNELS=fused` is the default: kernels run in the form that is fastest. `UNSPOOL_KERNELS=plain`, or the context
`plain_kernels()`, runs the plain PyTorch form of each: its operations are in the graph one by one, as exporting and
explaining want them, and it is the reference that the fused form is tested against.

Fused forms that prepare for a backward pass (weights' gradients made once after a loop, values kept for the way back)
cost more than they save where nothing is learned. So `fused` also asks whether any *input* of the kernel requires a
gradient. It never asks for the grad mode, which does not say whether a model is trained. Inputs are what was computed,
activations and states. Parameters do not count: they require a gradient under `torch.inference_mode()`, too. Either
form is right in either case, with and without gradients; the rule is about time alone.

`UNSPOOL_COMPILE=0` turns off only the compilation of C++ (`compiled.py`): fused kernels then run PyTorch's operations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from torch import Tensor

from unspool.errors import Mistake

_forced_plain: ContextVar[bool] = ContextVar("plain_kernels", default=False)


def is_plain() -> bool:
    """Whether kernels run in their plain form."""
    wanted = os.environ.get("UNSPOOL_KERNELS", "fused")
    if wanted not in ("fused", "plain"):
        raise Mistake(f"UNSPOOL_KERNELS is '{wanted}', and can be fused or plain.", "Set one of them, or unset it.")
    return wanted == "plain" or _forced_plain.get()


def fused(*inputs: Tensor) -> bool:
    """Whether a kernel with these inputs runs in the fused form that prepares for gradients."""
    return any(tensor.requires_grad for tensor in inputs) and not is_plain()


@contextmanager
def plain_kernels() -> Iterator[None]:
    """While entered, kernels that this thread calls run in their plain form."""
    token = _forced_plain.set(True)
    try:
        yield
    finally:
        _forced_plain.reset(token)


def may_compile() -> bool:
    """Whether C++ may be compiled at all."""
    return os.environ.get("UNSPOOL_COMPILE") != "0"
