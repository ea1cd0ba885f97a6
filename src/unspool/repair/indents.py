"""Indentation, relative to a line and in steps of the file, as symbols and back.

|0 |1 |-1   as deep as the line, a step deeper, a step less
|1+         a step deeper and a little more
|1t         a step deeper, with tabs in a file of spaces or spaces in a file of tabs
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from itertools import pairwise

from unspool.repair.code import Code

SYMBOL = re.compile(r"\|(-?\d+)(\+?)(t?)")
DEEPEST = 6
TAB = 8


class Indents:
    """The indentation of a code's lines, seen from one of them.

    row: the index in `Code.lines` of the line that others are compared with
    """

    def __init__(self, code: Code, row: int) -> None:
        self.code = code
        self._own = self._width(code.texts[code.lines[row]][1:]) if code.lines else 0

    def symbol(self, text: str) -> str:
        """The symbol of a token that begins a line."""
        white = text[1:]
        steps, more = divmod(self._width(white) - self._own, self.step)
        steps = max(-DEEPEST, min(DEEPEST, steps))
        strange = bool(white) and ("\t" in white) != self.tabs
        return f"|{steps}{'+' if more else ''}{'t' if strange else ''}"

    def is_symbol(self, symbol: str) -> bool:
        """Whether this is the symbol of an indentation."""
        return SYMBOL.fullmatch(symbol) is not None

    def text(self, symbol: str) -> str:
        """The token that a symbol stands for, with white space as the file has it."""
        found = SYMBOL.fullmatch(symbol)
        steps = int(found.group(1)) if found else 0
        width = max(0, self._own + steps * self.step)
        if width in self._known:
            return "\n" + self._known[width]
        return "\n" + ("\t" * (width // TAB) if self.tabs else " " * width)

    @cached_property
    def step(self) -> int:
        """The columns of one step: the commonest difference between a line and a deeper one after it."""
        widths = [self._width(white) for white in self._whites]
        deeper = Counter(b - a for a, b in pairwise(widths) if b > a)
        return deeper.most_common(1)[0][0] if deeper else 4

    @cached_property
    def tabs(self) -> bool:
        """Whether more lines begin with a tab than with a space."""
        return sum(white.startswith("\t") for white in self._whites) > sum(
            white.startswith(" ") for white in self._whites
        )

    @cached_property
    def _whites(self) -> list[str]:
        return [self.code.texts[number][1:] for number in self.code.lines]

    @cached_property
    def _known(self) -> dict[int, str]:
        """For each width, the white space of the lines that have it and are in the style of the file."""
        return {self._width(white): white for white in self._whites if not white or ("\t" in white) == self.tabs}

    @cached_property
    def _tab(self) -> int:
        """Among lines of spaces, a tab was meant as a step of theirs."""
        spaces = sorted(len(white) for white in self._whites if white.startswith(" ") and "\t" not in white)
        return min(spaces[0], TAB) if spaces else TAB

    def _width(self, white: str) -> int:
        return len(white.expandtabs(self._tab))
