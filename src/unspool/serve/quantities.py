"""Times, sizes and origins as people write them: 5ms, 30s, 2m; 500kB, 1MB; https://example.org."""

from __future__ import annotations

import re

from unspool.errors import Mistake

SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
BYTES = {"b": 1, "": 1, "kb": 1000, "kib": 1024, "mb": 1000**2, "mib": 1024**2, "gb": 1000**3, "gib": 1024**3}
FORM = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-zA-Z]*)")
ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^/\s]+")


def seconds_of(text: str, option: str) -> float:
    """A time in seconds.

    >>> seconds_of("5ms", "--batch-wait"), seconds_of("2m", "--timeout")
    (0.005, 120.0)
    """
    return _quantity(text, option, SECONDS, "a time", "5ms, 30s or 2m")


def bytes_of(text: str, option: str) -> int:
    """A size in bytes.

    >>> bytes_of("1.5 MB", "--max-body")
    1500000
    """
    return int(_quantity(text, option, BYTES, "a size", "500kB, 1MB or 2MiB"))


def _quantity(text: str, option: str, units: dict[str, float] | dict[str, int], what: str, examples: str) -> float:
    found = FORM.fullmatch(text.strip())
    if found is None or found[2].lower() not in units:
        raise Mistake(f"{option} '{text[:40]}' is not {what}.", f"Write it as {examples}.")
    return float(found[1]) * units[found[2].lower()]


def origin_of(text: str) -> str:
    """A web page's origin as browsers send it (RFC 6454, section 7), or *; anything else is a `Mistake`.

    >>> origin_of("https://example.org:8000/")
    'https://example.org:8000'
    """
    origin = text.removesuffix("/")
    if not ORIGIN.fullmatch(origin):
        what = f"--allow-origin '{text}' is no origin of a web page."
        raise Mistake(what, "Give scheme, host and port alone: https://example.org")
    return origin
