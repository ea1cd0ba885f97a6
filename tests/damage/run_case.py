"""Runs a case in this process through the command line's entry, with limits of time and memory."""

from __future__ import annotations

import resource
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from damage.subject import Case
from keyboard import Said, Shell

# A case may use this much processor time, and wait this long; the machine may be busy.
SECONDS, WAITING = 10, 60
# And this much memory; and this much more address space, so that the machine survives.
KIBIBYTES, ADDRESSES = 3 << 19, 4 << 30


class Hang(BaseException):
    """A case ran longer than allowed. Not an `Exception`, so that no command can catch it."""


def complaint(case: Case, shell: Shell, folder: Path) -> str:
    """What is wrong with how a damaged file is met; empty if it is met well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    described, use = case.prepare(folder)
    _forget_peak()
    try:
        with _time_limit(), _memory_limit():
            said = shell(*use.words, stdin=use.stdin)
    except BaseException as error:  # a panic of a library in another language is no `Exception`
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"{described}\n    {type(error).__name__}: {str(error)[:300]}"
    wrong = _wrong(said)
    if (peak := _kibibytes("VmHWM")) > KIBIBYTES:
        wrong = f"{wrong} {peak / (1 << 20):.1f} GiB of memory".strip()
    return f"{described}\n    {wrong}" if wrong else ""


def _wrong(said: Said) -> str:
    if said.code not in (0, 2):
        return f"exit code {said.code}: {said.err[-600:]}"
    if "Traceback" in said.err or "bug in unspool" in said.err:
        return said.err[-600:]
    # What and what to do, and before them what a command tells while it works.
    if said.code == 2 and not said.err.strip():
        return "exit code 2 without a word"
    if max(map(len, said.err.splitlines()), default=0) > 2000:
        return f"a line of {max(map(len, said.err.splitlines())):,} characters: {said.err[:200]}"
    return ""


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang(f"more than {SECONDS} s of processor time, or {WAITING} s of waiting")

    timers = {signal.SIGPROF: (signal.ITIMER_PROF, SECONDS), signal.SIGALRM: (signal.ITIMER_REAL, WAITING)}
    before = {number: signal.signal(number, stop) for number in timers}
    for timer, seconds in timers.values():
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for number, (timer, _) in timers.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])


@contextmanager
def _memory_limit() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_kibibytes("VmSize") * 1024 + ADDRESSES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _forget_peak() -> None:
    """Let the kernel measure this process's peak of memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _kibibytes(name: str) -> int:
    """A number that the kernel knows about this process."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])
