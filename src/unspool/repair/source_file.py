"""A file of source code: read whole or refused, and written so that nothing of its owner's is lost."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from unspool.errors import Mistake
from unspool.repair.language import Language
from unspool.repair.languages import language_of
from unspool.storage.atomic import replace
from unspool.storage.refusals import refusals

LARGEST = 1_000_000
ORIGINAL = ".orig"
UNCHANGED = "Nothing was changed."


class SourceFile(NamedTuple):
    """A file and its text, with every character of it: line breaks, tabs and a byte order mark as they are.

    encoding: the codec, and after a colon how it treats bytes that it does not know
    """

    path: Path
    language: Language
    text: str
    encoding: str
    content: bytes

    def encoded(self, text: str) -> bytes:
        """Another text as bytes of this file."""
        codec, _, errors = self.encoding.partition(":")
        try:
            return text.encode(codec, errors or "strict")
        except UnicodeEncodeError as error:
            what = f"{self.path} is {codec}, which has no {text[error.start]!r}."
            raise Mistake(what, f"Save it as UTF-8, then repair it. {UNCHANGED}") from None


def read_source(path: Path) -> SourceFile:
    """Read a file; one that is too large, is no text or is no file is a `Mistake`."""
    language = language_of(path)
    if not path.exists():
        raise Mistake(f"{path} does not exist.", "Check the path.")
    if not path.is_file():
        raise Mistake(f"{path} is not a file.", "Give files of source code.")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        what = f"{path} is larger than {LARGEST // 1_000_000} MB, and no source that people write is."
        raise Mistake(what, f"Give a part of it. {UNCHANGED}")
    if b"\0" in content:
        what = f"{path} holds a NUL byte in line {content[: content.index(0)].count(10) + 1}: it is no text."
        raise Mistake(what, f"Save it as UTF-8. {UNCHANGED}")
    text, encoding = language.decode(content, str(path))
    return SourceFile(path, language, text, encoding, content)


def write_source(source: SourceFile, text: str) -> Path:
    """Replace a file's text, and keep the old file beside it under another name, which is returned."""
    content = source.encoded(text)
    if source.path.read_bytes() != source.content:
        raise Mistake(f"{source.path} has changed since it was read.", "Run the repair again; nothing was written.")
    mode = stat.S_IMODE(os.stat(source.path).st_mode)
    kept = _free_name(source.path)
    replace(kept, source.content)
    replace(source.path, content)
    with refusals(source.path):
        for path in (kept, source.path):
            os.chmod(path, mode)
    return kept


def _free_name(path: Path) -> Path:
    """FILE.orig, or FILE.orig.1 and so on: an older copy is never replaced."""
    name, number = path.with_name(path.name + ORIGINAL), 0
    while name.exists() or name.is_symlink():
        number += 1
        name = path.with_name(f"{path.name}{ORIGINAL}.{number}")
    return name
