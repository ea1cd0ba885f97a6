"""What a translation must keep letter by letter: placeholders of programs, tags, addresses and numbers.

A model is given the sentence as it stands. If its answer has exactly the placeholders of the source, in any order, it
is taken. Otherwise what stands between them is translated, and they stay where they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

_TAG = r"</?[A-Za-z][^<>]*>|&(?:\#\d+|\#x[0-9A-Fa-f]+|[A-Za-z]+);"
_ADDRESS = r"(?:https?|ftp)://[^\s<>()]+[^\s<>().,;:!?'\"]|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"
# Of printf, in C and in Python; %% too.
_PRINTF = r"%(?:\(\w+\))?(?:\d+\$)?[-+\#0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|L|z|j|t)?[diouxXeEfFgGcrsaAp%]"
_BRACES = r"\{\{[^{}]*\}\}|\$?\{[^{}]*\}|\$\w+"
_NUMBER = r"(?<![A-Za-z\d])\d+(?:[.,:/]\d+)*%?"
# Code, links and emphasis of Markdown; the words of a link are translated, its target is not.
_MARKDOWN = (
    r"(?<!`)`++[^`\n]++`++|\[![A-Z]+\]|!?\["
    r"|\]\((?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*+\))*+)(?:\s+\"[^\"]*\")?\)|\]\[[^\]]*\]|\]"
    r"|\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|~~"
)

PLAIN = re.compile("|".join((_TAG, _ADDRESS, _PRINTF, _BRACES, _NUMBER)))
MARKDOWN = re.compile("|".join((_MARKDOWN, _TAG, _ADDRESS, _PRINTF, _BRACES, _NUMBER)))

Placeholders = re.Pattern[str]


class TextSpan(NamedTuple):
    """A piece of a sentence: `before` and `after` its text stay as they are, such as spaces and placeholders."""

    before: str
    text: str
    after: str


def same(pattern: Placeholders, source: str, answer: str) -> bool:
    """Whether an answer has exactly the placeholders of its source."""
    return Counter(pattern.findall(source)) == Counter(pattern.findall(answer))


def has_words(pattern: Placeholders, text: str) -> bool:
    """Whether there is anything to translate between the placeholders."""
    return any(map(str.isalpha, pattern.sub(" ", text)))


def pieces(pattern: Placeholders, sentence: str) -> Iterator[TextSpan]:
    """The sentence in pieces without placeholders. Their three parts, one after the other, are the sentence."""
    at = 0
    for found in [*pattern.finditer(sentence), None]:
        begin, end = found.span() if found else (len(sentence), len(sentence))
        between = sentence[at:begin]
        bare = between.strip() if any(map(str.isalpha, between)) else ""
        start = between.index(bare) if bare else len(between)
        after = between[start + len(bare) :] + sentence[begin:end]
        yield TextSpan(between[:start], bare, after)
        at = end


def fitted(piece: str, answer: str) -> str:
    """An answer to a piece of a sentence, without a full stop that only a whole sentence has."""
    bare = answer.strip()
    return bare.rstrip(".。") if bare.endswith((".", "。")) and not piece.endswith((".", "。")) else bare
