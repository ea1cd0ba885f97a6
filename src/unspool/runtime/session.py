"""Access to ONNX Runtime: graphs that run on the CPU."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from unspool.errors import Mistake
from unspool.types import Array

ERROR = 3  # a log level of ONNX Runtime; its warnings are for authors of graphs


class Graph:
    """A graph with two sessions, one thread or several, each opened when it is first needed.

    A word at a time needs two thirds of the time on one thread; a file needs half the time on two threads.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        self._path, self._threads = path.absolute(), threads
        given = (
            *self._alone.get_inputs(),
            *self._alone.get_overridable_initializers(),
        )  # the latter are optional inputs
        self.inputs = {each.name for each in given}
        self.outputs = {each.name for each in self._alone.get_outputs()}

    def __getstate__(self) -> dict[str, Any]:
        """Without the sessions, which cannot be pickled: a copy opens the file again."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_alone", "_together")}

    @property
    def threads(self) -> int:
        """The number of threads that it may use."""
        return asked(self._threads) or available()

    def run(self, outputs: Sequence[str], feed: Mapping[str, Array], alone: bool) -> list[Any]:
        """Compute these outputs; `alone`: in the calling thread only, from any number of threads at once."""
        session = self._alone if alone else self._together
        results: list[Any] = session.run(outputs, feed)
        return results

    @cached_property
    def _alone(self) -> InferenceSession:
        return open_session(self._path, 1)

    @cached_property
    def _together(self) -> InferenceSession:
        return open_session(self._path, self._threads)


def open_session(path: Path, threads: int | None = None) -> InferenceSession:
    """Open a graph; a file that is missing, truncated or not a graph is a `Mistake`.

    threads: threads of each operation; None: the number in OMP_NUM_THREADS, else one for each core
    """
    if not path.is_file():
        raise Mistake(f"{path} is missing.", "Copy the whole folder again, or export it again.")
    try:
        return InferenceSession(str(path), options(threads), providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no common base class
        reason = " ".join(str(error).split())[:200]
        raise Mistake(
            f"{path} cannot be read: {reason}", "It is truncated or not from unspool; export it again."
        ) from None


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


def options(threads: int | None) -> SessionOptions:
    """Options of a session: all optimisations, one operation at a time, few log messages.

    Threads do not spin while they wait: if other programs are busy, a word then needs a tenth of the time. Memory is
    not planned ahead, because sentences end and answers grow, so the same shapes rarely come again.
    """
    chosen = SessionOptions()
    chosen.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    chosen.intra_op_num_threads = asked(threads)
    chosen.inter_op_num_threads = 1
    chosen.enable_mem_pattern = False
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
    chosen.log_severity_level = ERROR
    return chosen
