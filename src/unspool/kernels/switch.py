"""The switch between the fused and the plain form of kernels.

`UNSPOOL_KERNELS=fused` is the default: kernels run in their fastest form. `UNSPOOL_KERNELS=plain`, or the context
`plain_kernels()`, runs their plain PyTorch form. It has single operations in the graph, which export and `explain`
need, and it is the reference for tests of the fused form.

Fused forms that prepare for a backward pass (deferred gradients, stored values) cost more than they save if nothing is
trained. So `fused` also checks whether any *input* of the kernel requires a gradient. It does not check the grad mode,
which does not show whether a model is trained. Inputs are computed tensors: activations and states. Parameters do not
count, because they also require a gradient under `torch.inference_mode()`. Both forms are correct with and without
gradients; the rule affects only the speed.

`UNSPOOL_COMPILE=0` only turns off the compilation of C++ (`compiled.py`): fused kernels then run PyTorch's operations.
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
        raise Mistake(
            f"UNSPOOL_KERNELS is '{wanted}', but it can only be fused or plain.", "Set one of them, or unset it."
        )
    return wanted == "plain" or _forced_plain.get()


def fused(*inputs: Tensor) -> bool:
    """Whether a kernel with these inputs runs in the fused form that prepares for gradients."""
    return any(tensor.requires_grad for tensor in inputs) and not is_plain()


@contextmanager
def plain_kernels() -> Iterator[None]:
    """In this context, kernels that this thread calls run in their plain form."""
    token = _forced_plain.set(True)
    try:
        yield
    finally:
        _forced_plain.reset(token)


def may_compile() -> bool:
    """Whether C++ may be compiled at all."""
    return os.environ.get("UNSPOOL_COMPILE") != "0"
