"""Messages of programs in gettext's format (.po): an empty msgstr gets the translation of its msgid.

What is translated already stays, and so do comments, the header and obsolete messages. Only the msgstr lines that get
a text change. Libraries for this format write the whole file anew, with lines broken in their own way; a translator's
tools would then show every message as changed. https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unspool.errors import Mistake
from unspool.translation.segments import Segment, kept

_KEYWORD = re.compile(r'\s*(msgctxt|msgid_plural|msgid|msgstr)(\[\d+\])?\s*"(.*)"\s*')
# Of languages with one form, which stands for every number: Korean, Japanese, Chinese and others.
_ONE_FORM = re.compile(r"nplurals\s*=\s*1\b")
_MORE = re.compile(r'\s*"(.*)"\s*')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_WRITTEN = {text: f"\\{letter}" for letter, text in _ESCAPED.items()}


def split(text: str) -> Iterator[Segment]:
    """The segments of a file of messages; a line that is none of the format's is a `Mistake`."""
    said: dict[str, str] = {}
    at, has_one_form = "", _ONE_FORM.search(text) is not None
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            at = ""
            yield kept(line)
        elif found := _KEYWORD.fullmatch(line):
            at = found[1]
            if at in ("msgctxt", "msgid") and "msgstr" in said:
                said = {}
            said[at] = _unescaped(found[3])
            goes_on = place + 1 < len(lines) and _MORE.fullmatch(lines[place + 1]) is not None
            yield from (
                _msgstr(line, found[2] or "", said, has_one_form) if at == "msgstr" and not goes_on else [kept(line)]
            )
        elif at and (more := _MORE.fullmatch(line)):
            said[at] += _unescaped(more[1])
            yield kept(line)
        else:
            what = f"Line {place + 1} is none of a .po file: {line.strip()[:60]}"
            raise Mistake(what, "Check the file with: msgfmt --check FILE")


def _msgstr(line: str, index: str, said: dict[str, str], has_one_form: bool) -> Iterator[Segment]:
    """The line of a msgstr; if it is empty, its text is that of the message.

    It is in the plural for all numbers but the first; and for the first, if it stands for every number.
    """
    is_single = index == "" or (index == "[0]" and not has_one_form)
    message = said.get("msgid" if is_single else "msgid_plural", "")
    if said["msgstr"] or not message:
        yield kept(line)
        return
    begin = line.index('""')
    yield kept(line[:begin])
    yield Segment('""', message, _quoted)
    yield kept(line[begin + 2 :])


def _quoted(text: str) -> str:
    return '"' + "".join(_WRITTEN.get(character, character) for character in text) + '"'


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[0]), text)
