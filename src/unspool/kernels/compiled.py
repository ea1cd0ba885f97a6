"""Element-wise operations of a loop over time, compiled by the machine's C++ compiler if it has one.

PyTorch runs the gates and scores of a step as about twenty operations of 5 to 50 microseconds each; `loops.cpp` needs
four. It is compiled for the machine's CPU when a loop is first trained (about a second), and kept (`compiled_cache`).
Without a compiler, on other devices and for other number types, PyTorch's operations compute the same.
`UNSPOOL_COMPILE=0` in the environment turns compilation off.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from unspool.kernels.compiled_cache import load_stored
from unspool.kernels.switch import may_compile

SOURCE = Path(__file__).with_name("loops.cpp")
COMPILERS = ("c++", "g++", "clang++")
# Math functions need neither errno nor traps; without both, the compiler can vectorise loops.
FLAGS = ("-std=c++17", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC")
TIMEOUT = 120  # seconds
TYPES = {torch.float32: "float32", torch.bfloat16: "bfloat16"}

Kernel = Callable[..., None]


def kernel(name: str, *wide: Tensor, narrow: Tensor | None = None) -> Kernel | None:
    """The compiled function of this name, which takes integers and contiguous tensors; None if there is none.

    wide:   tensors that must be float32
    narrow: a tensor that may also be bfloat16; its type is part of the function's name
    """
    if not all(tensor.dtype == torch.float32 and tensor.device.type == "cpu" for tensor in wide):
        return None
    if narrow is not None and narrow.dtype not in TYPES:
        return None
    compiled = library()
    if compiled is None:
        return None
    return _called(compiled, name if narrow is None else f"{name}_{TYPES[narrow.dtype]}")


@cache
def library() -> ctypes.CDLL | None:
    """`loops.cpp`, compiled and loaded; None if that is not possible."""
    if not may_compile():
        return None
    compiler = next(
        (found for name in (os.environ.get("CXX"), *COMPILERS) if name and (found := shutil.which(name))), None
    )
    if compiler is None:
        return None
    command = [compiler, *FLAGS, *_threads()]

    def build(path: Path) -> None:
        made = [*command, str(SOURCE), "-o", str(path)]
        subprocess.run(made, check=True, capture_output=True, timeout=TIMEOUT)

    try:
        loaded: ctypes.CDLL = load_stored(f"loops-{_fingerprint(command)}.so", build)
        return loaded
    except (OSError, subprocess.SubprocessError):
        return None


@cache
def _called(compiled: ctypes.CDLL, name: str) -> Kernel:
    function = getattr(compiled, name)
    function.restype = None

    def call(*arguments: int | Tensor | None) -> None:
        function(
            *[_address(a) if isinstance(a, Tensor) else _NULL if a is None else ctypes.c_int64(a) for a in arguments]
        )

    return call


_NULL = ctypes.c_void_p()


def _address(tensor: Tensor) -> ctypes.c_void_p:
    assert tensor.is_contiguous(), "a kernel needs contiguous memory"
    return ctypes.c_void_p(tensor.data_ptr())


def _threads() -> list[str]:
    """PyTorch's threads if its OpenMP library has the name that the compiler expects, otherwise one thread."""
    ours = Path(torch.__file__).parent / "lib" / "libgomp.so.1"
    return ["-fopenmp"] if ours.exists() else ["-fopenmp-simd"]


def _fingerprint(command: list[str]) -> str:
    """A hash of everything that the compiled file depends on; machines with other CPUs may share a home folder."""
    compiler = Path(command[0]).resolve().stat()
    facts = [*command, str(compiler.st_size), str(compiler.st_mtime_ns), platform.machine(), _processor()]
    return hashlib.sha256("\n".join(facts).encode() + SOURCE.read_bytes()).hexdigest()[:16]


def _processor() -> str:
    """The processor's features, as the system lists them."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(sorted({line for line in lines if line.startswith(("flags", "model name", "Features"))}))
