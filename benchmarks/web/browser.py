"""A headless Chromium, and a static host that sends no header of its own; what goes wrong there is kept."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Milliseconds that a page may take for one thing: a model of 20 MB is compiled in some seconds.
TIMEOUT = 120_000


@dataclass
class Visit:
    """A page in a browser.

    messages: what its console says, and exceptions that nothing caught
    requests: the addresses that it asked for
    """

    page: Any
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def wrong(self, host: str) -> list[str]:
        """All messages, and the requests to other hosts than this one: a page of ours has none of either."""
        elsewhere = [address for address in self.requests if not address.startswith((host, "data:", "blob:"))]
        return [*self.messages, *elsewhere]


def chromium() -> str | None:
    """The path of an installed Chromium or Chrome, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def browsing(executable: str) -> Iterator[Any]:
    """A browser without a window, as Playwright has it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Any, **context: Any) -> Iterator[Visit]:
    """A new page that shares nothing with others; context: what `new_context` of Playwright takes, such as `locale`."""
    opened = browser.new_context(**context)
    visited = Visit(opened.new_page())
    visited.page.set_default_timeout(TIMEOUT)
    visited.page.on("console", lambda one: visited.messages.append(one.text))
    visited.page.on("pageerror", lambda error: visited.messages.append(str(error)))
    visited.page.on("request", lambda request: visited.requests.append(request.url))
    try:
        yield visited
    finally:
        opened.close()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, and tells nobody."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript", ".mjs": "text/javascript"}

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the terminal."""


@contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
