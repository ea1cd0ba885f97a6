"""Where to look for a mistake: windows of code around what a critic complains about.

Place      a line to look at, with the complaint
places     the places for a complaint, the likeliest first
"""

from __future__ import annotations

import re
from typing import NamedTuple

from unspool.repair.code import Code
from unspool.repair.language import Complaint, Language

# Of a complaint: besides its own line, lines that declare names, and the end of the text.
DECLARATIONS = 3
QUOTED = re.compile(r"""['"‘](.+?)['"’]""")
# What a critic says of names that nothing declares.
UNKNOWN_NAME = re.compile(r"undeclared|implicit declaration|undefined|unknown type")


class Place(NamedTuple):
    """A line to look at: its index in `Code.lines`, and whether the complaint is about it."""

    row: int
    complained: bool


def places(code: Code, complaint: Complaint, language: Language) -> list[Place]:
    """The line of a complaint; for names, the lines that declare others; the lines before; the last line."""
    if not code.lines:
        return []
    row = row_of(code, complaint)
    found = [Place(row, True)]
    if UNKNOWN_NAME.search(complaint.message):
        found += [Place(one, False) for one in _declarations(code, row, language)]
    elif language.declarations:
        found += [Place(one, False) for one in _declarations(code, row, language, complaint)[:1]]
    found += [Place(row - 2, False)] if row >= 2 else []
    found += [Place(row + 1, False)] if row + 1 < len(code.lines) else []
    found.append(Place(len(code.lines) - 1, False))
    first: dict[int, Place] = {}
    for place in found:
        first.setdefault(place.row, place)
    return list(first.values())


def row_of(code: Code, complaint: Complaint) -> int:
    """The index in `Code.lines` of the line of a complaint, or of the last one before it."""
    offset = code.offset(complaint.line, complaint.column)
    token = min(code.token_at(offset), len(code.tokens) - 1)
    row = code.row_of(token)
    # A place at the end of a line, behind its last token, belongs to that line.
    if row and code.line_at(code.tokens[code.lines[row]].start) > complaint.line:
        row -= 1
    return row


def error_token(code: Code, complaint: Complaint) -> int:
    """The token that a complaint is about, or the next one."""
    return code.token_at(code.offset(complaint.line, complaint.column))


def _declarations(code: Code, row: int, language: Language, complaint: Complaint | None = None) -> list[int]:
    """Lines above that begin with a type: the nearest ones; with a complaint, those with a name that it quotes."""
    quoted = set(QUOTED.findall(complaint.message)) if complaint else None
    found = []
    for one in range(row - 1, -1, -1):
        start, end = code.row(one)
        texts = code.texts[start + 1 : end]
        if texts and texts[0] in language.declarations and (quoted is None or quoted.intersection(texts)):
            found.append(one)
        if len(found) == DECLARATIONS:
            break
    return found
