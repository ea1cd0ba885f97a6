"""What the page shows of an answer is the way of that answer, in whatever order answers come."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node, which runs JavaScript")
TRACE = {
    "steps": [{"live": [{"token": "a"}, {"token": "b"}]}, {"live": [{"token": "c"}, {"token": "d"}]}],
    "hypotheses": [{"text": "ac", "path": [0, 0]}, {"text": "bd", "path": [1, 1]}],
}


def way(prediction: Any, number: int) -> str:
    """The tokens along the path of an answer."""
    script = f"""
import {{ Work }} from {json.dumps(Path(str(files("unspool.web") / "page" / "work.js")).as_uri())};
const work = new Work({{}}, {json.dumps(TRACE)}, {json.dumps(prediction)});
console.log(work.path({number}).map((one) => one.token).join(""));
"""
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_answers_in_another_order_than_that_of_the_search_keep_their_steps() -> None:
    reordered = {"hypotheses": [{"text": "bd"}, {"text": "ac"}]}
    assert [way(reordered, number) for number in (0, 1)] == ["bd", "ac"]
    assert [way(None, number) for number in (0, 1)] == ["ac", "bd"]


def test_an_answer_of_a_lexicon_stands_beside_the_best_of_the_network() -> None:
    assert way({"hypotheses": [{"text": "bd", "from": "lexicon"}]}, 0) == "ac"
    assert way({"hypotheses": [{"text": "other"}]}, 0) == "ac"
