"""The one door to ONNX Runtime: a graph opened for the processor."""

from __future__ import annotations

import os
from pathlib import Path

from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from unspool.errors import Mistake

ERROR = 3  # of ONNX Runtime's levels: warnings are for people who write graphs


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


def options(threads: int | None) -> SessionOptions:
    """How graphs are run: optimised whole, one operation at a time, quietly.

    Threads do not spin while they wait: beside other busy programs a word then takes a tenth of the time.
    """
    chosen = SessionOptions()
    chosen.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    chosen.intra_op_num_threads = threads or int(os.environ.get("OMP_NUM_THREADS", "0"))
    chosen.inter_op_num_threads = 1
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
    chosen.log_severity_level = ERROR
    return chosen
