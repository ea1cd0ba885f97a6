"""Pages in a real browser, on which nothing goes wrong. The fixture `browser` of conftest.py starts it, once a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from benchmarks.web.browser import chromium, visit

in_a_browser = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(chromium() is None, reason="needs Chromium on the PATH"),
]


@contextmanager
def opened(browser: Any, start: str, allowed: int = 0, **context: Any) -> Iterator[Any]:
    """A page that writes nothing on its console, and asks no other host and for no file beside itself.

    allowed: a status that the server may answer, of which Chromium writes on the console
    """
    with visit(browser, **{"locale": "en-US", "reduced_motion": "reduce"} | context) as visited:
        visited.page.set_default_timeout(20_000)
        visited.page.goto(start)
        yield visited.page
    assert [one for one in visited.wrong(start) if f"status of {allowed}" not in one] == []
