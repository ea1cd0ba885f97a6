"""What is left of a script is what runs."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from unspool.export.web_scripts import compact

WEB = Path(str(files("unspool.web")))
SOURCES = sorted([*WEB.rglob("*.js"), *WEB.rglob("*.css")])
SCRIPT = """// A comment.
import { one } from "./one.js"; // kept: a line is not cut

/** What it does. */
export function two() {
  // inside
  const address = "https://example.org"; /* also kept */
  return `${address}//two`;
}
/**
 * Several lines,
 * all of them left out.
 */
const three = 4 / 2;
"""


def test_only_whole_lines_of_comments_and_indentation_go() -> None:
    assert compact(SCRIPT) == (
        'import { one } from "./one.js"; // kept: a line is not cut\n\nexport function two() {\n'
        'const address = "https://example.org"; /* also kept */\nreturn `${address}//two`;\n}\nconst three = 4 / 2;\n'
    )
    assert compact("a { color: red }\n/* all of it */\n  b { c: d }\n") == "a { color: red }\nb { c: d }\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_string_of_ours_has_several_lines_and_statements_stay(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if line.count("`") % 2]
    left = compact(text)
    assert len(left) < len(text) and not re.search(r"^[ \t]|^//|^/\*\*", left, re.MULTILINE)
    comments = ("//", "/*", *(["*"] if path.suffix == ".js" else []))
    code = [line.strip() for line in text.splitlines() if not line.strip().startswith(comments)]
    assert [line for line in left.splitlines() if line] == [line for line in code if line]
