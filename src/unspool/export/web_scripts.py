"""Scripts and style sheets of an exported page without what only their readers need: comments and indentation.

Nothing is renamed or joined, so no build step is needed, and every statement stays as it was written. A line is left
out only if it is a comment from its first character to its last. No string of ours has several lines; a test keeps that
true.
"""

from __future__ import annotations

import re

# A line that is a comment.
COMMENT = re.compile(r"[ \t]*(?://.*|/\*(?:(?!\*/).)*\*/[ \t]*)\n")
# A comment of several lines.
BLOCK = re.compile(r"[ \t]*/\*\*\n(?:[ \t]*\*(?!/).*\n)*[ \t]*\*/[ \t]*\n", re.MULTILINE)
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def compact(text: str) -> str:
    """A module of JavaScript, or a style sheet, of ours."""
    lines = BLOCK.sub("", text).splitlines(keepends=True)
    return INDENTATION.sub("", "".join(line for line in lines if not COMMENT.fullmatch(line)))
