"""Python and the browser's engine are held to the same vectors."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from web import vectors

HERE = Path(__file__).parent


def near(one: Any, other: Any) -> bool:
    """Equal, where numbers with a fraction may differ by rounding."""
    if isinstance(one, float) and isinstance(other, float | int):
        return abs(one - other) <= 1e-5 * max(1.0, abs(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(near, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(near(one[key], other[key]) for key in one)
    return bool(one == other)


@pytest.mark.parametrize("name", vectors.MAKERS)
def test_python_still_gives_them(name: str) -> None:
    written = json.loads((vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    made = json.loads(vectors.dumps(vectors.MAKERS[name]()))
    assert made.keys() == written.keys()
    for part, entries in made.items():
        assert len(entries) == len(written[part]), f"{part}: run python tests/web/vectors.py"
        for one, other in zip(entries, written[part], strict=True):
            assert near(one, other), f"{part}: {one} is not {other}; run python tests/web/vectors.py"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node, which runs JavaScript outside a browser")
def test_the_engine_of_the_browser_gives_them() -> None:
    command = ["node", str(HERE / "run_vectors.mjs")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert int(said.stdout.split()[0]) > 1000


def test_a_vector_that_differs_is_noticed() -> None:
    assert near([1, {"a": 0.5}], [1, {"a": 0.5000001}])
    assert not near([1, {"a": 0.5}], [1, {"a": 0.6}]) and not near([1], [1, 2]) and not near("a", "b")
