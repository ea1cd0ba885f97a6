"""A model to the Hugging Face Hub: the files of its folder, with its card, as one commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from unspool import __version__
from unspool import folder as disk
from unspool.card import UNKNOWN_LICENCE, licence_of, write_card
from unspool.data.hub import PREFIX
from unspool.data.hub_library import upload
from unspool.errors import Mistake
from unspool.hub_models import CARD, LICENCES, OF_A_MODEL, hub_model
from unspool.loading import load_predictor
from unspool.named_models import find_model
from unspool.runtime.manifest import holds_an_export, usable_model
from unspool.storage.atomic import replace


class Published(NamedTuple):
    """A model on the Hub: its name, its address, the names of its files there, and what a person should know."""

    name: str
    address: str
    files: list[str]
    messages: list[str]


def push(model: Path, name: str, *, licence: str | None = None, private: bool = False) -> Published:
    """Write a trained or exported folder to the Hub as OWNER/NAME.

    licence: for its card; default: that of the card. private: see `hub_library.upload`
    Raises `Mistake` if there is no whole model, if the name is none, or if the Hub refuses.
    """
    named = hub_model(Path(PREFIX + name.removeprefix(PREFIX)))
    if named is None or named.revision:
        raise Mistake(f"'{name}' is no name for a model of the Hub.", "Write OWNER/NAME.")
    folder = find_model(model)
    files = _files(folder)
    with _unchanged_unless_done(folder / CARD):
        return _publish(folder, files, named.name, licence, private=private)


def _publish(folder: Path, files: dict[str, Path], name: str, licence: str | None, *, private: bool) -> Published:
    messages = []
    if not write_card(folder, licence) and licence is not None and licence_of(_text(folder)) != licence:
        what = f"{folder / CARD} was changed by hand and names another licence than '{licence}'."
        raise Mistake(what, "Change the line 'license:' at its top, and leave --license out.")
    if licence_of(_text(folder)) == UNKNOWN_LICENCE:
        messages.append("Its card names no licence, so nobody knows whether they may use it: --license apache-2.0")
    files[CARD] = folder / CARD
    content: dict[str, Path | bytes] = {**files, disk.RUN: _without_folders(files[disk.RUN])}
    address = upload(name, content, f"unspool {__version__}", private=private)
    return Published(name, address, sorted(files), messages)


@contextmanager
def _unchanged_unless_done(card: Path) -> Iterator[None]:
    """The card is as it was if the model did not arrive."""
    before = card.read_bytes() if card.exists() else None
    try:
        yield
    except BaseException:
        if before is not None and card.read_bytes() != before:
            replace(card, before)
        raise


def _files(folder: Path) -> dict[str, Path]:
    """The files of a whole model by their names; an export is opened to see that it is one."""
    here = usable_model(folder)
    disk.read_run(here)
    if holds_an_export(folder):
        load_predictor([folder], "cpu")
    elif not (here / disk.WEIGHTS).exists():
        raise Mistake(f"{folder} has no weights yet.", "Train it until its first validation.")
    own = [disk.LEXICON, *(path.name for path in folder.glob(f"{LICENCES}*"))]
    files = {name: here / name for name in OF_A_MODEL if (here / name).is_file()}
    return files | {name: folder / name for name in own if (folder / name).is_file()}


def _without_folders(path: Path) -> bytes:
    """run.json with the names of the files that were read, and nothing else of where they are on this machine."""
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    facts, data = run.get("facts", {}), run.get("data", {})
    facts["files"] = {kind: [_name(one) for one in paths] for kind, paths in facts.get("files", {}).items()}
    for part, key in ((facts, "start_from"), (data, "source_vectors"), (data, "target_vectors")):
        if part.get(key):
            part[key] = _name(part[key])
    return json.dumps(run, ensure_ascii=False, indent=1).encode()


def _name(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _text(folder: Path) -> str:
    return (folder / CARD).read_text(encoding="utf-8", errors="replace")
