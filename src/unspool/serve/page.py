"""What a browser sees at `/`: the page that shows the models at work. Its files are package data, and are read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

INDEX = "index.html"
TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
# Only files of this server, and no script or style inside the document; the page sets single properties of styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class PageFile(NamedTuple):
    """A file of the page; the tag changes with its content."""

    content: bytes
    type: str
    tag: str

    @property
    def headers(self) -> dict[str, str]:
        """A browser asks each time whether the file has changed, so that a new release is seen at once."""
        return {
            "Content-Security-Policy": POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
            "ETag": self.tag,
        }


@cache
def page_files() -> Mapping[str, PageFile]:
    """The files of the page by their paths: `/` and what it names."""
    found = {}
    for entry in (files("unspool.web") / "page").iterdir():
        kind = TYPES.get(entry.name.rpartition(".")[2])
        if kind is not None:
            content = entry.read_bytes()
            tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
            found["/" if entry.name == INDEX else f"/{entry.name}"] = PageFile(content, kind, tag)
    return found
