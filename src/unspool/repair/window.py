"""A window of code as symbols for a network, and a network's symbols as an edit of that code.

    said 'x' | 'x' is NAME_1                the complaint: its form, and what it quotes
    | while ( NAME_2 < 10 ) {               lines around the place
    @0 |+1 @1 NAME_2 @2 = @3 NAME_1 @4 …    the lines that may be edited, with a mark before each token
    @4 @4 ;                                 an answer: what stands between two marks becomes these tokens
    @2 @5 ( <old> )                         the same, around the tokens that stand there now

Names, and numbers and strings that are not common, become slots. So a network of a few hundred symbols reads any
program, copies what it has never seen, and writes what is to be changed and no more. What is no edit is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from unspool.repair.code import Code, Kind
from unspool.repair.edits import TokenEdit
from unspool.repair.indents import Indents
from unspool.repair.language import Complaint, Language
from unspool.repair.misspelt import Misspelt
from unspool.repair.places import QUOTED, Place, error_token

# Tokens that may be edited, lines before and after them, and the most tokens of each of those.
EDITABLE, BEFORE, AFTER, LONGEST_LINE = 36, 2, 1, 16
SLOTS = {Kind.NAME: ("NAME", 20), Kind.NUMBER: ("NUM", 6), Kind.STRING: ("STR", 6)}
HERE, NOWHERE, BREAK, SEPARATOR, MANY, OLD = "<here>", "<none>", "<break>", "<said>", "…", "<old>"
MARK = re.compile(r"@(\d+)")
# Symbols of which no token is made: marks, slots that the window does not have, and those that say something.
NO_TOKEN = re.compile(r"@\d+|(?:NAME|NUM|STR)_\d+|<here>|<none>|<said>|<old>|<unk>|…|~\w+")


@dataclass(frozen=True)
class CodeSymbols:
    """What of a program stands for itself.

    known: words of the language, and numbers and strings that are common
    """

    language: Language
    known: frozenset[str]
    misspelt: Misspelt = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "misspelt", Misspelt(self.language.words))


class CodeWindow:
    """Some lines of a code around a place, as symbols.

    source: the symbols for the network
    first:  the first token that may be edited, and `last`, the one after the last
    """

    def __init__(self, code: Code, place: Place, complaint: Complaint | None, symbols: CodeSymbols) -> None:
        self.code, self.symbols = code, symbols
        self.slots: dict[str, str] = {}
        self._counts = dict.fromkeys(SLOTS, 0)
        self._error = error_token(code, complaint) if complaint and place.complained else None
        self._indents = Indents(code, place.row)
        self.first, self.last = self._editable(place.row)
        said = self._said(complaint)
        edited = self._edited()
        before = self._around(range(max(code.row_of(self.first) - BEFORE, 0), code.row_of(self.first)))
        final = code.row_of(self.last - 1) if self.last > self.first else place.row
        after = self._around(range(final + 1, min(final + 1 + AFTER, len(code.lines))))
        self.source = [*said, SEPARATOR, *before, *edited, *after]

    def target(self, edit: TokenEdit | None) -> list[str] | None:
        """The answer that is this edit; None if it is outside the window or has tokens that no symbol stands for."""
        if edit is None:
            return [NOWHERE]
        if edit.start < self.first or edit.end > self.last:
            return None
        old = self.code.texts[edit.start : edit.end]
        before, after = _around_old(old, edit.texts)
        written = [self._written(text) for text in before]
        if after is not None:
            written += [OLD, *(self._written(text) for text in after)]
        if any(symbol is None for symbol in written):
            return None
        marks = [f"@{edit.start - self.first}", f"@{edit.end - self.first}"]
        return [*marks, *(symbol for symbol in written if symbol is not None)]

    def edit(self, answer: list[str]) -> TokenEdit | None:
        """The edit that an answer of the network is; None if it is none."""
        marks = [MARK.fullmatch(symbol) for symbol in answer[:2]]
        if len(marks) != 2 or not all(marks):
            return None
        start, end = (self.first + int(mark.group(1)) for mark in marks if mark)
        if not self.first <= start <= end <= self.last:
            return None
        old = self.code.texts[start:end]
        texts: list[str] = []
        for symbol in answer[2:]:
            text = self._text(symbol)
            if text is None and symbol != OLD:
                return None
            texts += old if text is None else [text]
        return None if texts == old else TokenEdit(start, end, tuple(texts))

    def _editable(self, row: int) -> tuple[int, int]:
        """The line of the place and the one before; of long lines, the tokens around the place or their end."""
        first, (start, last) = self.code.row(max(row - 1, 0))[0], self.code.row(row)
        if last - first <= EDITABLE:
            return first, last
        middle = self._error if self._error is not None else last
        middle = max(start if last - start <= EDITABLE else 0, min(middle + EDITABLE // 3, last))
        return (max(first, middle - EDITABLE), middle) if middle - first > EDITABLE else (first, first + EDITABLE)

    def _said(self, complaint: Complaint | None) -> list[str]:
        if complaint is None:
            return []
        form = "_".join(QUOTED.sub("?", complaint.message).split())
        quoted = [piece for found in QUOTED.findall(complaint.message) for piece in self._pieces(found)]
        return [form[:80], *quoted[:8]]

    def _pieces(self, text: str) -> list[str]:
        tokens = self.symbols.language.lexer.read(text).tokens
        return [self._symbol(token.kind, token.text) for token in tokens if token.kind != Kind.LINE]

    def _edited(self) -> list[str]:
        found: list[str] = []
        for number in range(self.first, self.last):
            token = self.code.tokens[number]
            found.append(f"@{number - self.first}")
            if number == self._error:
                found.append(HERE)
            found.append(self._symbol(token.kind, token.text))
            if token.kind == Kind.NAME and (meant := self.symbols.misspelt.meant(token.text)):
                found.append(f"~{meant}")
        return [*found, f"@{self.last - self.first}", *([HERE] if self._error == self.last else [])]

    def _around(self, rows: range) -> list[str]:
        found: list[str] = []
        for row in rows:
            start, end = self.code.row(row)
            if self.first <= start < self.last:
                continue
            tokens = self.code.tokens[start : min(end, self.first if start < self.first else end)]
            shown = [self._symbol(token.kind, token.text) for token in tokens[:LONGEST_LINE]]
            found += [*shown, *([MANY] if len(tokens) > LONGEST_LINE else [])]
        return found

    def _symbol(self, kind: Kind, text: str) -> str:
        """The symbol of a token that is read; a slot is made for what has none."""
        if kind == Kind.LINE:
            return self._indents.symbol(text) if self.symbols.language.indents else BREAK
        if kind == Kind.OPERATOR or text in self.symbols.known:
            return text if text.split() == [text] else MANY
        if text not in self.slots:
            name, most = SLOTS[kind]
            self._counts[kind] += 1
            self.slots[text] = f"{name}_{min(self._counts[kind], most)}"
        return self.slots[text]

    def _written(self, text: str) -> str | None:
        """The symbol of a token that is written; None if there is none."""
        if text.startswith("\n"):
            return self._indents.symbol(text) if self.symbols.language.indents else BREAK
        if text in self.symbols.known or text in self.slots:
            return self.slots.get(text, text)
        pieces = self.symbols.language.lexer.read(text).tokens
        kinds = [token.kind for token in pieces if token.kind != Kind.LINE]
        return text if kinds == [Kind.OPERATOR] and text.split() == [text] else None

    def _text(self, symbol: str) -> str | None:
        """The token that a written symbol stands for; None if it stands for none."""
        if symbol == BREAK or self._indents.is_symbol(symbol):
            return self._indents.text(symbol)
        if symbol in self._named:
            return self._named[symbol]
        return None if NO_TOKEN.fullmatch(symbol) else symbol

    @property
    def _named(self) -> dict[str, str]:
        """The text of each slot; of a slot that holds several, the first."""
        return {slot: text for text, slot in reversed(self.slots.items())}


def _around_old(old: list[str], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """What an edit writes before and after the old tokens, if it writes all of them again; else all of it, and None."""
    for place in range(len(new) - len(old) + 1 if old else 0):
        if list(new[place : place + len(old)]) == old:
            return new[:place], new[place + len(old) :]
    return new, None
