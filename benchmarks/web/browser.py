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


@dataclass
class Visit:
    """A page in a browser.

    errors:   what its console says is wrong
    requests: the addresses that it asked for
    """

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def elsewhere(self, host: str) -> list[str]:
        """The requests to other hosts than this one."""
        return [address for address in self.requests if not address.startswith((host, "data:", "blob:"))]


def chromium() -> str | None:
    """The path of an installed Chromium or Chrome, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def visit(executable: str, **context: Any) -> Iterator[Visit]:
    """A new page of a browser of its own; context: what Playwright's `new_context` takes, such as `locale`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(120_000)
        visited = Visit(page)
        page.on("console", lambda one: visited.errors.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: visited.errors.append(str(error)))
        page.on("request", lambda request: visited.requests.append(request.url))
        try:
            yield visited
        finally:
            browser.close()


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
