"""Edits that need no network: a sign less, or one more, near the token that a critic complains about.

Of single mistakes, most are a bracket, quote or separator that is missing or there twice. Where nothing that a network
proposes helps, these few are tried, the nearest first: a critic finds most of them wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from unspool.repair.code import Code, Kind
from unspool.repair.edits import TokenEdit
from unspool.repair.language import Complaint
from unspool.repair.places import error_token

# Tokens on each side of the one that is complained about.
NEAR = 8
OPENING = ("(", "[", "{")
SIGNS = (")", "(", "]", "[", "}", "{", ";", ":", ",", "=", ".", '"', "'")


def simple_edits(code: Code, complaint: Complaint) -> Iterator[TokenEdit]:
    """First those that take an operator or an open quote away, then those that write a sign.

    An opening bracket is taken away last: its partner is forgotten more often.
    """
    count = len(code.tokens)
    if count == 0:
        return
    place = min(error_token(code, complaint), count - 1)
    near = sorted(range(max(0, place - NEAR), min(count, place + NEAR + 1)), key=lambda one: (abs(one - place), one))
    signs = [one for one in near if code.tokens[one].kind == Kind.OPERATOR]
    yield from (TokenEdit(one, one + 1, ()) for one in signs if code.texts[one] not in OPENING)
    yield from (TokenEdit(one, one, (sign,)) for one in near for sign in SIGNS)
    yield from (TokenEdit(one, one + 1, ()) for one in signs if code.texts[one] in OPENING)
