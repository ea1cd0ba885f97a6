"""The white space between two tokens, as the file itself has it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property

from unspool.repair.code import Code, Kind, Lexer, kind_of

# Where a file does not show what it does: nothing stands before or after these, and one space between others.
TIGHT_BEFORE = frozenset([",", ";", ":", ")", "]", "}", ".", "(", "[", "++", "--", "->", '"', "'"]) - {"->"}
TIGHT_AFTER = frozenset(["(", "[", "{", ".", "~", "!", "++", "--", "@", '"', "'"])
QUOTES = frozenset(('"', "'", '"""', "'''"))


class Spacing:
    """The spaces that a code puts between tokens of the same sort on a line, or those that are usual."""

    def __init__(self, code: Code, lexer: Lexer, keywords: frozenset[str]) -> None:
        self.code, self.lexer, self.keywords = code, lexer, keywords

    def between(self, left: str | None, right: str | None) -> str:
        """The white space between two texts of tokens."""
        if left is None or right is None or left.startswith("\n") or right.startswith("\n"):
            return ""
        if left in QUOTES or right in QUOTES:  # of a string that the other quote makes: nothing enters it
            return self._beside_a_quote(left, right)
        pair = self._sort(left), self._sort(right)
        if seen := self._seen.get(pair):
            return seen.most_common(1)[0][0]
        if pair[1] in TIGHT_BEFORE and not (pair[1] in "([" and (left in self.keywords or pair[0] in ",=")):
            return ""
        return "" if pair[0] in TIGHT_AFTER else " "

    def renewed(self, gap: str, neighbour: str | None, old: str, new: str, *, after: bool) -> str:
        """The white space beside a token that became another: as it was, unless the new one is of another sort."""
        if gap not in ("", " ") or self._sort(old) == self._sort(new):
            return gap
        if neighbour is None or neighbour.startswith("\n"):
            return gap
        return self.between(new, neighbour) if after else self.between(neighbour, new)

    def _beside_a_quote(self, left: str, right: str) -> str:
        if right in QUOTES and (left in self.keywords or left in ("=", ",", "==", "+", ":", "%")):
            return " "
        return ""

    @cached_property
    def _seen(self) -> dict[tuple[str, str], Counter[str]]:
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        sorts = [self._sort(token.text, token.kind) for token in self.code.tokens]
        for number in range(1, len(sorts)):
            gap = self.code.between(number - 1, number)
            if Kind.LINE not in (sorts[number - 1], sorts[number]) and gap.strip(" \t") == "":
                counts[sorts[number - 1], sorts[number]][gap] += 1
        return counts

    def _sort(self, text: str, kind: Kind | None = None) -> str:
        """Tokens whose spaces are alike: each operator and keyword by itself, names, numbers, strings."""
        kind = kind or kind_of(text, self.lexer)
        return text if kind == Kind.OPERATOR or text in self.keywords else str(kind)


def is_blank(gap: str) -> bool:
    """Whether a text between two tokens holds no comment."""
    return gap.replace("\\", "").strip() == ""
