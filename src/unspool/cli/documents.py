"""`unspool predict --document`: whole documents sentence by sentence, with their layout and placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspool.errors import Mistake
from unspool.screens.console import counting, say

if TYPE_CHECKING:
    from unspool.answers.answer import Notes
    from unspool.model import Model

STDIN = Path("-")


def are_documents(trained: Model, files: Sequence[Path], *, asked: bool) -> bool:
    """Whether files are documents: if that is asked for, or by their endings if the model answers with sentences."""
    from unspool.translation.documents import is_document
    from unspool.translation.paragraphs import OF_SENTENCES

    if asked or OF_SENTENCES not in trained.metadata.metrics:
        return asked
    documents = [path for path in files if is_document(path)]
    if documents and len(documents) < len(files):
        other = next(path for path in files if path not in documents)
        what = f"{documents[0]} is a document, and {other} is a file of lines."
        raise Mistake(what, "Give them in two calls, or add --document.")
    return bool(documents)


def answer_documents(
    trained: Model, files: Sequence[Path], encoding: str | None, decoding: dict[str, Any], beside: Sequence[str]
) -> list[Notes]:
    """Print the translation of each document; returns notes on its sentences. beside: other flags, all refused."""
    import sys

    from unspool.data.files import read_characters
    from unspool.translation.documents import translate_document

    if beside:
        raise Mistake(f"{beside[0]} cannot be combined with documents.", "A document has one answer, which is a text.")
    if (trained.fields.source.kind, trained.fields.target.kind) != ("text", "text"):
        what = f"--document is for models that answer texts with texts, and this is a {trained.config.model.name}."
        raise Mistake(what, "Leave it out.")
    notes: list[Notes] = []
    for path in files or [STDIN]:
        text = read_characters(path, encoding)
        with counting(None, "translating") as count:

            def translate(sentences: Sequence[str]) -> list[str]:
                found = trained.predict(sentences, on_done=count, **decoding)
                notes.extend(one.notes for one in found)
                return [" ".join(one.text.split()) for one in found]

            translated, tally = translate_document(text, path if path != STDIN else Path(), translate)
        sys.stdout.write(translated)
        sys.stdout.flush()
        for message in tally.messages():
            say(f"{path}: {message}" if len(files) > 1 else message)
    return notes
