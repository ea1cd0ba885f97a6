"""Text of a person's files as it may be shown: nothing in it can steer a terminal or a page."""

from __future__ import annotations

import re
from html import escape

# Control characters (ESC starts a terminal's commands), marks that change the direction of text, line separators, and
# halves of a surrogate pair, which stand for bytes that are not UTF-8 and cannot be printed.
_LINE = "\t\n"
_HIDDEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_IN_CELL, _IN_LINES = re.compile(f"[{_HIDDEN}{_LINE}]"), re.compile(f"[{_HIDDEN}]")


def visible(text: str, *, lines: bool = False) -> str:
    r"""The text with an escape such as `\u001b`, as in JSON, for each character that is not shown as itself.

    lines: keep tabs and ends of lines

    >>> visible("\x1b[31mred\u202e")
    '\\u001b[31mred\\u202e'
    """
    return (_IN_LINES if lines else _IN_CELL).sub(_escaped, text)


def as_html(text: str) -> str:
    """The text in HTML as it is: no markup, and no marks that change the direction of what stands after it."""
    return escape(visible(text, lines=True))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
