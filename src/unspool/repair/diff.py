"""Unified diffs, as `patch` and `git apply` read them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


def unified_diff(old: str, new: str, name: str) -> str:
    """The lines that differ, with three around them; "" if none do. Each line keeps its own line break."""
    ends = "\t" * (" " in name)  # as git ends a name with a blank, so that patch reads all of it
    before, after = LINE.findall(old), LINE.findall(new)
    return "".join(_ended(difflib.unified_diff(before, after, f"a/{name}{ends}", f"b/{name}{ends}")))


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
