"""Another program under limits: of time, memory, files and what it writes; and without a shell.

The limits are set by a small process that then becomes the program. So no code of ours runs between fork and exec in a
process with threads, and the program cannot start without them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

SECONDS, MEGABYTES, FILES, WRITTEN = 5, 1024, 64, 1 << 20

LAUNCHER = """
import os, resource, sys
for name, value in zip(("CPU", "AS", "NOFILE", "FSIZE", "CORE"), map(int, sys.argv[1:6])):
    limit = getattr(resource, "RLIMIT_" + name)
    most = resource.getrlimit(limit)[1]
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    try:
        resource.setrlimit(limit, (value, value))
    except (OSError, ValueError):
        pass  # macOS refuses a limit of memory; the others hold
os.execv(sys.argv[6], sys.argv[6:])
"""


class Ended(NamedTuple):
    """How a program ended. written: what it wrote to stderr; finished: False if a limit of time ended it."""

    code: int
    written: str
    finished: bool


def run_limited(command: Sequence[str], given: bytes, seconds: float = SECONDS) -> Ended:
    """Run a program, whose path is absolute, on this standard input, in an empty folder."""
    limits = map(str, (SECONDS, MEGABYTES << 20, FILES, WRITTEN, 0))
    launched = [sys.executable, "-I", "-S", "-c", LAUNCHER, *limits, *command]
    with (
        tempfile.TemporaryDirectory(prefix="unspool-") as empty,
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as stderr,
    ):
        stdin.write(given)
        stdin.seek(0)
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TMPDIR": empty}
        process = subprocess.Popen(
            launched, stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr, cwd=empty, env=environment,
            start_new_session=True,
        )  # fmt: skip
        late = threading.Event()
        timer = threading.Timer(seconds, _end, (process, late))
        timer.start()
        try:
            code = process.wait()  # without a limit of its own, since with one it looks again and again, and late
        finally:
            timer.cancel()
            _end(process)
            process.wait()
        stderr.seek(0)
        return Ended(code, stderr.read(WRITTEN).decode("utf-8", "replace"), not late.is_set())


def _end(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """Kill a program and all that it started. late: is set, since it took too long"""
    if late is not None:
        late.set()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
