"""Explanations as a file of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from unspool.storage.atomic import replace


def write_json(out: Path, answers: Iterable[dict[str, Any]]) -> None:
    """A list with a line for each answer."""
    lines = [json.dumps(answer, ensure_ascii=False) for answer in answers]
    replace(out, ("[" + ",\n".join(lines) + "]\n").encode())
