"""Source code as tokens. Every string is code: a lexer never fails, and nothing of the text is lost.

    Kind    what a token is
    Token   a piece of the text with its place
    Lexer   a language's tokens
    Code    a text and its tokens

White space and comments are no tokens: they stay in the text, between tokens, where an edit does not touch them. A line
that holds a token begins with a token of its own, whose text is a line break and the white space after it. So
indentation can be edited like anything else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

# Both languages share them. What a lexer does not know is a token of one character.
NEWLINE = r"\r\n|\n|\r"
_LINE = re.compile(rf"[^\r\n]*(?:{NEWLINE})|[^\r\n]+")


def lines_of(text: str) -> list[str]:
    """The lines with their breaks, as compilers count them: no form feed and no U+2028 ends one."""
    return _LINE.findall(text)


SPACE = r"[ \t\f\v]+|\\(?:\r\n|\n|\r)"
NAME = r"[^\W\d]\w*"
QUOTES = ('"', "'")
WHITE = re.compile(r"[ \t\f\v]*")


class Kind(StrEnum):
    """What a token is. An open quote, which closes no string, is an operator."""

    LINE = "line"
    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPERATOR = "operator"


KINDS = {**{str(kind): kind for kind in Kind}, "other": Kind.OPERATOR}


class Token(NamedTuple):
    """A piece of the text, at `start` to `end` in characters. Of a line: its white space at the beginning."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexer:
    """The tokens of a language.

    patterns: regular expressions by kind, tried in this order; "comment" and "space" are left out
    opening:  what begins a string or comment, the longest first; it is an operator where that does not end
    prefixes: names that belong to the string after them
    """

    patterns: tuple[tuple[str, str], ...]
    opening: tuple[str, ...]
    prefixes: frozenset[str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        groups = "|".join(f"(?P<{name}>{pattern})" for name, pattern in self.patterns)
        return re.compile(f"(?P<newline>{NEWLINE})|(?P<space>{SPACE})|{groups}|(?P<other>.)", re.DOTALL)

    @cached_property
    def _first(self) -> frozenset[str]:
        return frozenset(one[0] for one in self.opening)

    def read(self, text: str) -> Code:
        """The tokens of any text."""
        return Code(text, tuple(self._tokens(text)))

    def pieces(self, text: str) -> list[str]:
        """The texts of the tokens on one line."""
        return [token.text for token in self.read(text).tokens if token.kind != Kind.LINE]

    def _tokens(self, text: str) -> Iterator[Token]:
        line, begun, place = 0, False, 0
        endless: set[str] = set()
        while place < len(text):
            kind, end = self._next(text, place, endless)
            if kind == "newline":
                line, begun = end, False
                endless -= set(QUOTES)
            elif kind not in ("space", "comment"):
                if not begun:
                    indent = WHITE.match(text, line)
                    white = indent.group() if indent else ""
                    yield Token(Kind.LINE, f"\n{white}", line, line + len(white))
                    begun = True
                yield Token(KINDS[kind], text[place:end], place, end)
            place = end

    def _next(self, text: str, place: int, endless: set[str]) -> tuple[str, int]:
        """The next kind and its end. A string that does not end is looked for once: a second time it would not end."""
        opening = ""
        if text[place] in self._first:  # of a token in twenty
            opening = next((one for one in self.opening if text.startswith(one, place)), "")
        if opening in endless:
            return "operator", place + len(opening)
        found = self._pattern.match(text, place)
        assert found is not None  # its last group is any character
        kind, end = found.lastgroup or "other", found.end()
        if opening and kind not in ("string", "comment"):
            endless.add(opening)
            return "operator", place + len(opening)
        if kind == "name" and text[place:end].lower() in self.prefixes and text[end : end + 1] in QUOTES:
            string, string_end = self._next(text, end, endless)
            return (string, string_end) if string == "string" else (kind, end)
        return kind, end


@dataclass(frozen=True)
class Code:
    """A text with its tokens, in order."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def lines(self) -> list[int]:
        """The numbers of the tokens that begin a line."""
        return [number for number, token in enumerate(self.tokens) if token.kind == Kind.LINE]

    @cached_property
    def texts(self) -> list[str]:
        """The texts of the tokens: two codes with equal texts differ in nothing but spaces and comments."""
        return [token.text for token in self.tokens]

    @cached_property
    def newline(self) -> str:
        """The line break that the text uses first; that of Unix if it has none."""
        found = re.search(NEWLINE, self.text)
        return found.group() if found else "\n"

    @cached_property
    def _offsets(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(NEWLINE, self.text))]

    def offset(self, line: int, column: int) -> int:
        """The character at a line and a column, both from 1; a place outside the text is the nearest one inside."""
        first = self._offsets[min(max(line, 1), len(self._offsets)) - 1]
        return min(first + max(column - 1, 0), len(self.text))

    def line_at(self, offset: int) -> int:
        """The number, from 1, of the line of the text with this character."""
        return bisect_right(self._offsets, offset)

    def token_at(self, offset: int) -> int:
        """The number of the token with this character, or of the next one."""
        return bisect_right(self._ends, offset)

    @cached_property
    def _ends(self) -> list[int]:
        return [token.end for token in self.tokens]

    def row_of(self, token: int) -> int:
        """The index in `lines` of the line that holds a token."""
        return max(bisect_right(self.lines, token) - 1, 0)

    def row(self, index: int) -> tuple[int, int]:
        """The tokens of one of `lines`: the first, which begins the line, and the one after the last."""
        following = self.lines[index + 1] if index + 1 < len(self.lines) else len(self.tokens)
        return self.lines[index], following

    def between(self, left: int, right: int) -> str:
        """The text between two tokens that follow each other; -1 and the number of tokens are the ends of the text."""
        start = self.tokens[left].end if left >= 0 else 0
        return self.text[start : self.tokens[right].start if right < len(self.tokens) else len(self.text)]


def kind_of(text: str, lexer: Lexer) -> Kind:
    """The kind of a token with this text."""
    if text.startswith("\n"):
        return Kind.LINE
    found = [token.kind for token in lexer.read(text).tokens if token.kind != Kind.LINE]
    return found[0] if len(found) == 1 else Kind.OPERATOR


def common_ends(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many items two sequences share at their beginnings, and then at their ends."""
    shorter = min(len(one), len(other))
    front = next((number for number in range(shorter) if one[number] != other[number]), shorter)
    rest = shorter - front
    back = next((number for number in range(rest) if one[-1 - number] != other[-1 - number]), rest)
    return front, back
