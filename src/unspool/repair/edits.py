"""Edits of code: other tokens in the place of some, with everything around them as it was.

TokenEdit    tokens `start` to `end` of a code become others
difference   the smallest edit from one code to another
apply        the text after an edit
"""

from __future__ import annotations

from typing import NamedTuple

from unspool.metrics.symbol_error_rate import edit_distance
from unspool.repair.code import Code, Lexer, common_ends
from unspool.repair.spacing import Spacing, is_blank


class TokenEdit(NamedTuple):
    """Tokens `start` to `end` become these texts; a text that begins with a line break begins a line."""

    start: int
    end: int
    texts: tuple[str, ...]

    @property
    def size(self) -> int:
        """The larger of the number of tokens removed and of those written."""
        return max(self.end - self.start, len(self.texts))

    def distance(self, code: Code) -> int:
        """How many tokens of a code are inserted, deleted or replaced: those that it writes again do not count."""
        return edit_distance(code.texts[self.start : self.end], self.texts)


def difference(broken: Code, fixed: Code, lexer: Lexer) -> TokenEdit | None:
    """The edit from `broken` to `fixed` with the fewest tokens at one place; None if their tokens are equal.

    A string that is written is taken apart where that makes the edit smaller: a missing quote is one token.
    """
    whole = _smallest(broken.texts, fixed.texts)
    if whole is None:
        return None
    front, back = common_ends(broken.texts, fixed.texts)
    end = len(fixed.texts) - back
    opened = [piece for text in fixed.texts[front:end] for piece in _taken_apart(text, lexer)]
    apart = _smallest(broken.texts, [*fixed.texts[:front], *opened, *fixed.texts[end:]])
    return min(whole, apart or whole, key=lambda edit: edit.size)


def _smallest(old: list[str], new: list[str]) -> TokenEdit | None:
    front, back = common_ends(old, new)
    end, written = len(old) - back, tuple(new[front : len(new) - back])
    return TokenEdit(front, end, written) if front < end or written else None


def _taken_apart(text: str, lexer: Lexer) -> list[str]:
    for quote in ('"""', "'''", '"', "'"):
        if len(text) >= 2 * len(quote) and text.startswith(quote) and text.endswith(quote):
            return [quote, *lexer.pieces(text[len(quote) : -len(quote)]), quote]
    return [text]


def apply(code: Code, edit: TokenEdit, spacing: Spacing) -> str:
    """The text after an edit. What is outside it stays, comments included; new tokens are spaced as in the file."""
    start, end, new = edit
    if start == end and not new:
        return code.text
    first = code.tokens[start - 1].end if start else 0
    last = code.tokens[end].start if end < len(code.tokens) else len(code.text)
    middle = _inserted(code, edit, spacing) if start == end else _replaced(code, edit, spacing)
    return code.text[:first] + middle + code.text[last:]


def _inserted(code: Code, edit: TokenEdit, spacing: Spacing) -> str:
    """The text between the two tokens around an insertion."""
    start, _, new = edit
    gap, left, right = code.between(start - 1, start), _text(code, start - 1), _text(code, start)
    body = _rendered(code, new, spacing)
    before = spacing.between(left, new[0])
    if right is None or right.startswith("\n"):  # the line goes on with a comment, or ends
        if new[-1].startswith("\n"):
            return gap
        return (gap if left is None else before) + body + (gap if left is not None else "")
    after = spacing.between(new[-1], right)
    return before + body + after if is_blank(gap) else before + body + gap


def _replaced(code: Code, edit: TokenEdit, spacing: Spacing) -> str:
    """The text between the tokens around a span that is replaced or removed."""
    start, end, new = edit
    left, right = _text(code, start - 1), _text(code, end)
    before, after = code.between(start - 1, start), code.between(end - 1, end)
    if not new:
        return _closed(code, edit, before, after, spacing)
    old_first, old_last = code.texts[start], code.texts[end - 1]
    if new[0].startswith("\n") and old_first.startswith("\n"):
        body = new[0][1:] + _rendered(code, new[1:], spacing, first=new[0])
    else:
        body = _rendered(code, new, spacing, kept=code if len(new) == end - start else None, start=start)
        if new[0].startswith("\n") or old_first.startswith("\n"):
            before = spacing.between(left, new[0]) if is_blank(before) else before
        else:
            before = spacing.renewed(before, left, old_first, new[0], after=False)
            after = spacing.renewed(after, right, old_last, new[-1], after=True)
    if old_last.startswith("\n") and right is not None and not right.startswith("\n"):
        after = spacing.between(new[-1], right)
    return before + body + after


def _closed(code: Code, edit: TokenEdit, before: str, after: str, spacing: Spacing) -> str:
    """What is left where tokens were removed."""
    left, right = _text(code, edit.start - 1), _text(code, edit.end)
    if not (is_blank(before) and is_blank(after)):
        return before + after
    if code.texts[edit.start].startswith("\n"):
        if right is None or right.startswith("\n"):
            return _without_a_line(before, after)
        return spacing.between(left, right)
    if right is None or right.startswith("\n"):
        return after
    return before if left is not None and left.startswith("\n") else spacing.between(left, right)


def _without_a_line(before: str, after: str) -> str:
    for newline in ("\r\n", "\n", "\r"):
        if newline in after:
            return before + after.split(newline, 1)[1]
    return before + after


def _rendered(
    code: Code, new: tuple[str, ...], spacing: Spacing, *, first: str | None = None, kept: Code | None = None,
    start: int = 0,
) -> str:  # fmt: skip
    """New tokens as text. kept: where spaces between old tokens at the same places are taken from."""
    parts: list[str] = []
    previous = first
    for number, text in enumerate(new):
        if text.startswith("\n"):
            parts.append(code.newline + text[1:])
        else:
            if previous is not None:
                gap = kept.between(start + number - 1, start + number) if kept and number else None
                plain = gap is not None and gap.strip(" \t") == "" and not previous.startswith("\n")
                parts.append(gap if gap is not None and plain else spacing.between(previous, text))
            parts.append(text)
        previous = text
    return "".join(parts)


def _text(code: Code, number: int) -> str | None:
    return code.tokens[number].text if 0 <= number < len(code.tokens) else None
