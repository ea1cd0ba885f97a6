"""Access to ONNX Runtime: graphs that run on the CPU."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from unspool.errors import Mistake
from unspool.processors import asked, available
from unspool.runtime.external_data import refuse_external_data
from unspool.runtime.manifest import changed, digest
from unspool.types import Array

ERROR = 3  # a log level of ONNX Runtime; its warnings are for authors of graphs


class Leaf(NamedTuple):
    """The type of an input or output as ONNX Runtime names it, and its shape: sizes, or names of free ones."""

    type: str
    shape: tuple[int | str, ...]

    def fits(self, other: Leaf) -> bool:
        """Whether an output like this can be an input like the other."""
        sizes = zip(self.shape, other.shape, strict=False)
        same = all(one == size or isinstance(one, str) or isinstance(size, str) for one, size in sizes)
        return self.type == other.type and len(self.shape) == len(other.shape) and same


class Graph:
    """A graph with two sessions, one thread or several, each opened when it is first needed.

    A word at a time needs two thirds of the time on one thread; a file needs half the time on two threads.
    The threads of a session do not survive a fork, so a forked process opens its own.

    hashed: the hash that the file must have, if it is known
    """

    def __init__(self, path: Path, threads: int | None = None, hashed: str | None = None) -> None:
        self._path, self._threads, self._hash = path.absolute(), threads, hashed
        self._sessions: dict[tuple[int, bool], InferenceSession] = {}
        opened = self._session(alone=True)
        given = (*opened.get_inputs(), *opened.get_overridable_initializers())  # the latter are optional inputs
        self.inputs = {each.name: Leaf(each.type, tuple(each.shape)) for each in given}
        self.outputs = {each.name: Leaf(each.type, tuple(each.shape)) for each in opened.get_outputs()}

    def __getstate__(self) -> dict[str, Any]:
        """Without the sessions, which cannot be pickled: a copy opens the file again."""
        return self.__dict__ | {"_sessions": {}}

    @property
    def threads(self) -> int:
        """The number of threads that it may use."""
        return asked(self._threads) or available()

    def prepare(self) -> None:
        """Open both sessions now, so that the file is not needed later."""
        for alone in (True, False):
            self._session(alone)

    def run(self, outputs: Sequence[str], feed: Mapping[str, Array], alone: bool) -> list[Any]:
        """Compute these outputs; `alone`: in the calling thread only, from any number of threads at once."""
        session = self._session(alone)
        try:
            results: list[Any] = session.run(outputs, feed)
        except Exception as error:  # ONNX Runtime's errors have no common base class
            reason = " ".join(str(error).split())[:200]
            if "alloc" in reason:
                raise MemoryError(reason) from None
            what = f"{self._path} cannot answer: {reason}"
            raise Mistake(what, "It is damaged, or belongs to another export: export it again.") from None
        return results

    def _session(self, alone: bool) -> InferenceSession:
        key = os.getpid(), alone
        if key not in self._sessions:
            self._sessions[key] = open_session(self._path, 1 if alone else self._threads, self._hash)
        return self._sessions[key]


def open_session(path: Path, threads: int | None = None, hashed: str | None = None) -> InferenceSession:
    """Open a graph; a file that is missing, changed or not a graph of ours is a `Mistake`.

    threads: threads of each operation; None: the number in OMP_NUM_THREADS, else one for each core
    hashed:  the hash that the file must have
    """
    if not path.is_file():
        raise Mistake(f"{path} is missing.", "Copy the whole folder again, or export it again.")
    content = path.read_bytes()
    if hashed is not None and digest(content) != hashed:
        raise changed(path)
    refuse_external_data(path, content)
    try:
        return InferenceSession(content, options(threads), providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no common base class
        reason = " ".join(str(error).split())[:200]
        raise Mistake(
            f"{path} cannot be read: {reason}", "It is truncated or not from unspool; export it again."
        ) from None


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
