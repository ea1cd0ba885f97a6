"""The one door to ONNX Runtime: a graph opened for the processor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from unspool.errors import Mistake
from unspool.types import Array

ERROR = 3  # of ONNX Runtime's levels: warnings are for people who write graphs


class Graph:
    """A graph with two ways to run it, each made ready when it is first needed.

    A word at a time takes two thirds of the time on one thread, a file half of it on two.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        self._path, self._threads = path.absolute(), threads
        given = (*self._alone.get_inputs(), *self._alone.get_overridable_initializers())  # the latter may be left out
        self.inputs = {each.name for each in given}
        self.outputs = {each.name for each in self._alone.get_outputs()}

    def __getstate__(self) -> dict[str, Any]:
        """Without the sessions, which live in this process: a copy opens the file again."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_alone", "_together")}

    @property
    def threads(self) -> int:
        """How many threads it may use in all."""
        return asked(self._threads) or available()

    def run(self, outputs: Sequence[str], feed: Mapping[str, Array], alone: bool) -> list[Any]:
        """These outputs; `alone`: on the thread that asks, any number of threads at once."""
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
    """A graph ready to run; a file that is missing, cut short or no graph is a `Mistake`.

    threads: of each operation; None: as many as OMP_NUM_THREADS says, else one a core
    """
    if not path.is_file():
        raise Mistake(f"{path} is missing.", "Copy the whole folder again, or export it anew.")
    try:
        return InferenceSession(str(path), options(threads), providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no kind in common
        reason = " ".join(str(error).split())[:200]
        raise Mistake(f"{path} cannot be read: {reason}", "It is cut short or not ours; export it again.") from None


def asked(threads: int | None) -> int:
    """The number of threads that was asked for, here or in the environment; 0: none was.

    OpenMP's variable may list a number for each level of nesting (OpenMP 5.2, section 21.1.2); the outermost counts.
    What is no number is ignored, as OpenMP does.
    """
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return threads or (int(said) if said.isdecimal() else 0)


def available() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def options(threads: int | None) -> SessionOptions:
    """How graphs are run: optimised whole, one operation at a time, quietly.

    Threads do not spin while they wait: beside other busy programs a word then takes a tenth of the time. Memory is not
    planned ahead: sentences end and answers grow, so a plan's shapes seldom come again.
    """
    chosen = SessionOptions()
    chosen.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    chosen.intra_op_num_threads = asked(threads)
    chosen.inter_op_num_threads = 1
    chosen.enable_mem_pattern = False
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
    chosen.log_severity_level = ERROR
    return chosen
