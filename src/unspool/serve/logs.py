"""A server's log: lines for people, or JSON for programs. It never has a source or an answer in it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO, cast, get_args

from unspool.errors import Mistake
from unspool.visible import visible

LOG = logging.getLogger("unspool.serve")
LogFormat = Literal["text", "json"]
# What is logged besides the message, as the attribute of a record.
FIELDS = "fields"
# What others say of their own life says nothing that our lines do not; asyncio warns of clients that hang up.
LEVELS = {"unspool.serve": logging.INFO, "uvicorn": logging.WARNING, "asyncio": logging.ERROR}


class TextFormatter(logging.Formatter):
    """A line of text; nothing in it can steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        return f"{_time(record)} {level}{visible(record.getMessage())}{visible(trace, lines=True)}"


class JsonFormatter(logging.Formatter):
    """An object a line: time, level, message, and what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        values: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            values["trace"] = self.formatException(record.exc_info)
        return json.dumps(values)


def log_format_of(name: str) -> LogFormat:
    """A format by its name."""
    for known in get_args(LogFormat):
        if name == known:
            return cast(LogFormat, known)
    raise Mistake(f"There is no log format '{name}'.", "Use --log-format text or --log-format json.")


def configure_logs(form: LogFormat, stream: TextIO | None = None) -> None:
    """Log to a stream, by default to stderr."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    for name, level in LEVELS.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
