"""How many processors there are, and how many threads a person asks for."""

from __future__ import annotations

import os


def asked(threads: int | None) -> int:
    """The requested number of threads, by the argument or by the environment; 0 if there is none.

    OMP_NUM_THREADS may list a number for each level of nesting (OpenMP 5.2, section 21.1.2); the outermost counts.
    An invalid number is ignored, as OpenMP does.
    """
    value = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return threads or (int(value) if value.isdecimal() else 0)


def available() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
