"""Input lines in chunks: large ones from a file, and each line at once from a terminal."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from unspool.data.read_once import STDIN, standard_input
from unspool.data.reading import Reading
from unspool.data.sources import read_sources, stream_sources
from unspool.types import Array

MOST = 1024

# A line, the end (None), or an error while reading.
Item: TypeAlias = str | Array | BaseException | None


def chunks(files: list[Path], of_files: Reading, of_stdin: Reading) -> Iterator[list[str | Array]]:
    """All lines of the files ("-" or no file: stdin) in order; a chunk never waits for lines that have not arrived."""
    waiting: queue.Queue[Item] = queue.Queue(2 * MOST)
    threading.Thread(target=_read, args=(files, of_files, of_stdin, waiting), daemon=True).start()
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


def _read(files: list[Path], of_files: Reading, of_stdin: Reading, waiting: queue.Queue[Item]) -> None:
    try:
        for path in files or [STDIN]:
            stdin = path == STDIN
            for line in stream_sources(standard_input(), of_stdin) if stdin else read_sources(path, of_files):
                waiting.put(line)
        waiting.put(None)
    except BaseException as error:
        waiting.put(error)
