"""Other programs, run with the same environment, whose output is read line by line."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

THREADS = 2
# The same for every toolkit; Unspool's command line would set the same.
SPIN = "5000"


def environment(spin: str = SPIN) -> dict[str, str]:
    """Threads and how long they spin, for all toolkits; Unspool without installation is found in this repository."""
    variables = {name: str(THREADS) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    variables |= {"GOMP_SPINCOUNT": spin, "PYTHONUNBUFFERED": "1", "TOKENIZERS_PARALLELISM": "false"}
    variables |= {"CUDA_VISIBLE_DEVICES": "", "WANDB_MODE": "disabled"}
    return os.environ | variables


class Failed(Exception):
    """A program failed; the message has its last lines."""


def listen(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[tuple[float, str]]:
    """Every line that a program prints, with the seconds at which it came; `log` stores them.

    Raises `Failed` after the last line if the program fails. If the caller stops reading, the program is stopped.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    tail: list[str] = []
    with (
        log.open("w", buffering=1, encoding="utf-8") as kept,
        subprocess.Popen(command, env=dict(env), text=True, errors="replace", **pipes) as process,  # type: ignore[call-overload]
    ):
        try:
            for line in process.stdout:
                kept.write(line)
                tail = [*tail[-14:], line]
                yield time.perf_counter(), line.rstrip("\n")
        finally:
            process.terminate()
    if process.returncode:
        raise Failed(
            f"{' '.join(map(str, command))}\nended with {process.returncode}; its output is in {log}\n{''.join(tail)}"
        )


def run(command: Sequence[str], env: Mapping[str, str], log: Path) -> tuple[float, str]:
    """A whole program: its seconds from start to end, and what it printed."""
    begun = time.perf_counter()
    printed = [line for _, line in listen(command, env, log)]
    return time.perf_counter() - begun, "\n".join(printed)
