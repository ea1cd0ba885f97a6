"""Input lines in chunks: large ones from a file, and each line at once from a terminal."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

from unspool.data.columns import Columns
from unspool.data.sources import read_sources, stream_sources
from unspool.types import Array

MOST = 1024
STDIN = Path("-")

# A line, the end (None), or an error while reading.
Item: TypeAlias = str | Array | BaseException | None


def chunks(files: list[Path], columns: Columns | None) -> Iterator[list[str | Array]]:
    """All lines of the files ("-" or no file: stdin) in order; a chunk never waits for lines that have not arrived."""
    waiting: queue.Queue[Item] = queue.Queue(2 * MOST)
    threading.Thread(target=_read, args=(files, columns, waiting), daemon=True).start()
    ended = False
    while not ended:
        chunk = [waiting.get()]
        while len(chunk) < MOST and not waiting.empty():
            chunk.append(waiting.get())
        last = chunk[-1]
        ended = last is None or isinstance(last, BaseException)
        lines = [line for line in chunk if line is not None and not isinstance(line, BaseException)]
        if lines:
            yield lines
        if isinstance(last, BaseException):
            raise last


def _read(files: list[Path], columns: Columns | None, waiting: queue.Queue[Item]) -> None:
    try:
        for path in files or [STDIN]:
            for line in stream_sources(_stdin(), columns) if path == STDIN else read_sources(path, columns):
                waiting.put(line)
        waiting.put(None)
    except BaseException as error:
        waiting.put(error)


def _stdin() -> BinaryIO:
    """Standard input by its file number, because Python cannot exit while a thread waits inside `sys.stdin`."""
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except OSError:  # not a real file: something in Python replaced it
        return sys.stdin.buffer
