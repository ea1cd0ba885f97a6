"""Sentence splitting without a library, for languages that mark the end of a sentence.

A sentence ends at a line break; after . ! ? or … if white space follows and then no small letter; and after the
full-width marks of Chinese, Japanese and Korean, which need no space. Closing quotes and brackets belong to the
sentence. An initial ("J. Smith") or one of a few abbreviations does not end a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

CLOSING = "\"'”’»)\\]」』】）》"
ABBREVIATIONS = "Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Sen|Rep|Gen|Col|Lt|Capt|No|vs|etc|Inc|Ltd|Co|Corp|cf|al"

MARKS = ".!?…"
# Each pattern reads a character a bounded number of times, also of a text without any end: a run of marks is read once,
# from its first one on, and nothing is given back.
_END = re.compile(rf"(?<![{MARKS}])[{MARKS}]++[{CLOSING}]*+(?=\s)|[。！？｡]++[{CLOSING}]*+|[\n\r\u2028\u2029]")
_NO_END = re.compile(rf"(?:\b(?:[A-Z]|{ABBREVIATIONS})|\b[a-z]\.[a-z])\.$")
# More characters than an abbreviation has with its dot, and one before it.
_SHORT = 12


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, none of them blank, without the white space around them.

    >>> sentences('He said "Stop!" and left. Mr. J. Smith did not.\\n정말 좋다. 또 볼까? 好。是吗？')
    ['He said "Stop!" and left.', 'Mr. J. Smith did not.', '정말 좋다.', '또 볼까?', '好。', '是吗？']
    """
    return [sentence for piece in _pieces(text) if (sentence := piece.strip())]


def split_apart(text: str) -> list[str]:
    """The sentences of a text and the white space around them, in order; joined, they are the text.

    >>> split_apart(" Go. \\n\\nStop.")
    [' ', 'Go.', ' \\n', '\\n', 'Stop.']
    """
    return [part for piece in _pieces(text) for part in _white_space_apart(piece) if part]


def put_together(parts: Iterable[str]) -> str:
    """The text of such parts after some were translated.

    Where two sentences met after a full-width mark, which needs no space, one is added if the translation has another
    mark.

    >>> put_together(["Good.", "Is it?", "\\n", "好。", "是吗？"])
    'Good. Is it?\\n好。是吗？'
    """
    text = ""
    for part in parts:
        meets = text[-1:] in (*MARKS,) and part[:1].strip()
        text += f" {part}" if meets else part
    return text


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that end where sentences end."""
    begin = 0
    for end in _END.finditer(text):
        if _ends(text, begin, end):
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


def _white_space_apart(piece: str) -> tuple[str, str, str]:
    bare = piece.strip()
    start = piece.index(bare) if bare else len(piece)
    return piece[:start], bare, piece[start + len(bare) :]


def _ends(text: str, begin: int, end: re.Match[str]) -> bool:
    """Whether this mark ends the sentence that starts at `begin`."""
    if end[0][0] not in MARKS:
        return True
    last_word = text[max(begin, end.end() - _SHORT) : end.end()]
    return not _followed_by_small_letter(text, end.end()) and not _NO_END.search(last_word)


def _followed_by_small_letter(text: str, place: int) -> bool:
    following = re.compile(r"\s*(\S)").match(text, place)
    return following is not None and "\n" not in following[0] and following[1].islower()
