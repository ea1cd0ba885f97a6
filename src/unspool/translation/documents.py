"""Documents by the ending of their file: read, translated sentence by sentence, and written as they were laid out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from unspool.data.files import format_of
from unspool.errors import Mistake
from unspool.translation import gettext_file, markdown, plain_text, subtitles
from unspool.translation.placeholders import MARKDOWN, PLAIN, Placeholders
from unspool.translation.segments import Split, Translate, written
from unspool.translation.sentence_by_sentence import SentenceTranslator, Tally


class DocumentFormat(NamedTuple):
    """How documents of a format become segments, and what is kept inside their texts."""

    split: Split
    placeholders: Placeholders = PLAIN


TEXT = DocumentFormat(plain_text.split)
_MARKDOWN = DocumentFormat(markdown.split, MARKDOWN)
_MESSAGES = DocumentFormat(gettext_file.split)
# Files that are documents without a flag.
ALWAYS: Mapping[str, DocumentFormat] = {
    ".md": _MARKDOWN, ".markdown": _MARKDOWN, ".srt": DocumentFormat(subtitles.split), ".po": _MESSAGES,
    ".pot": _MESSAGES,
}  # fmt: skip
DOCUMENTS: Mapping[str, DocumentFormat] = {".txt": TEXT, "": TEXT, **ALWAYS}


def is_document(path: Path) -> bool:
    """Whether a file is a document by its ending alone."""
    return format_of(path) in ALWAYS


def translate_document(text: str, path: Path, translate: Translate) -> tuple[str, Tally]:
    """The translation of a document, and what was counted. path: its ending names the format.

    translate: the translations of sentences, in order
    """
    ending = format_of(path)
    if ending not in DOCUMENTS:
        known = ", ".join(filter(None, DOCUMENTS))
        raise Mistake(f"{path} is none of the documents that can be translated.", f"Known: {known}.")
    form = DOCUMENTS[ending]
    by_sentence = SentenceTranslator(translate, form.placeholders)
    return written(form.split(text), by_sentence), by_sentence.tally
