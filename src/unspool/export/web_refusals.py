"""Which models a browser cannot run, each refused in one line, before anything is exported or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from unspool import folder as disk
from unspool.errors import Mistake
from unspool.fields.registry import Fields
from unspool.fields.text import TextField
from unspool.named_models import find_model
from unspool.runtime.manifest import usable_model
from unspool.tasks import read_fields

SERVE = "Serve it from a computer: unspool serve MODEL"
# Kinds of fields in words, where their names are none.
KINDS = {"values": "real values", "aligned_values": "real values"}


def refuse_unfit(given: Path) -> None:
    """Raise a `Mistake` that says why the browser's engine cannot run the model of a trained or exported folder."""
    folder = usable_model(find_model(given))
    config, _ = disk.read_run(folder)
    if config.series.horizon:
        raise Mistake(f"{given} is a forecaster, and the page reads texts.", f"Run: unspool forecast {given} FILE")
    if (folder / disk.REPAIR).exists():
        what = f"{given} repairs code with a compiler or a parser, which a browser does not have."
        raise Mistake(what, "Run: unspool repair FILE --model MODEL")
    for what, remedy in _unfit(given, read_fields(folder, config)):
        raise Mistake(what, remedy)


def _unfit(given: Path, fields: Fields) -> Iterator[tuple[str, str]]:
    """What is wrong with each side, and what to do."""
    for side, verb, field in (("source", "reads", fields.source), ("target", "writes", fields.target)):
        if not isinstance(field, TextField):
            kind = KINDS.get(field.kind, field.kind)
            yield f"{given} {verb} {kind}, and in a browser models read and write texts.", SERVE
        elif any(part.kind == "sentencepiece" for part in field.tokenizer.parts):
            what = f"{given} {verb} pieces of a sentencepiece model, which a browser cannot cut as its library does."
            yield what, f"{SERVE}; or train with data.{side}_tokenizer=bpe."
