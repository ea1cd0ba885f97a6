"""TensorBoard's file of events, written at once: a disk that is full is noticed here, and not in a thread."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path


class Events:
    """One file of scalars in a folder; an `OSError` where it cannot be written.

    after: the last update that counts; TensorBoard drops later ones of earlier files
    """

    def __init__(self, folder: Path, after: int) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        folder.mkdir(parents=True, exist_ok=True)
        # TensorBoard reads files in the order of their names.
        name = f"events.out.tfevents.{time.time():017.6f}.{socket.gethostname()}.{os.getpid()}"
        self.file = (folder / name).open("wb", buffering=0)
        self.records = RecordWriter(self.file)
        self._write(Event(file_version="brain.Event:2"))
        self._write(Event(step=after + 1, session_log=SessionLog(status=SessionLog.START)))

    def add(self, name: str, value: float, update: int) -> None:
        """Add a value of an update."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        self._write(Event(step=update, summary=Summary(value=[Summary.Value(tag=name, simple_value=value)])))

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _write(self, event: object) -> None:
        event.wall_time = time.time()  # type: ignore[attr-defined]
        self.records.write(event.SerializeToString())  # type: ignore[attr-defined]
