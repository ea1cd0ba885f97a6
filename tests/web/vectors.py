"""Writes the vectors that Python and the browser's engine are both held to: python tests/web/vectors.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # where the tests find each other

from web import search_vectors, text_vectors

FOLDER = Path(__file__).parent / "vectors"
MAKERS = {"search": search_vectors.vectors, "text": text_vectors.vectors}


def dumps(value: dict[str, Any]) -> str:
    """One line for each entry, so that a difference can be read; without trailing space."""
    parts = []
    for name, entries in value.items():
        lines = ",\n".join(json.dumps(entry, ensure_ascii=True, separators=(",", ":")) for entry in entries)
        parts.append(f"{json.dumps(name)}:[\n{lines}\n]")
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, vectors in MAKERS.items():
        (FOLDER / f"{name}.json").write_text(dumps(vectors()), encoding="utf-8")
        print(FOLDER / f"{name}.json")
