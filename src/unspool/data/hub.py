"""`hub:OWNER/NAME`: a data set of the Hugging Face Hub, as files on this machine.

    hub:bentrevett/multi30k          the split that is wanted: train and validation to train on, test to evaluate
    hub:bentrevett/multi30k:test     this split
    hub:OWNER/NAME/FOLDER:test       of the tables in this folder, where a data set has several parts
    hub:OWNER/NAME@REVISION          of this branch, tag or commit

Splits are found in the names of files and folders, as the Hub itself finds them:
https://huggingface.co/docs/hub/datasets-file-names-and-splits. A file is downloaded once; later it is read from the
cache of the library huggingface_hub, also without a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from unspool.data import hub_library
from unspool.data.files import format_of
from unspool.data.inputs import Files
from unspool.errors import Mistake, nearest

PREFIX = "hub:"
SPLITS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
# The formats of tables, the best one first where a data set comes in several.
ENDINGS = (".parquet", ".jsonl", ".ndjson", ".csv", ".tsv")
_WHOLE = re.compile(
    r"(?P<name>[^/@:]+/[^/@:]+)(?:/(?P<folder>[^@:]+))?(?:@(?P<revision>[^:]+))?(?::(?P<split>\w+))?", re.ASCII
)

Tell = Callable[[str], None]


class HubData(NamedTuple):
    """A data set by its name, perhaps a folder in it, a revision and a split; "": the usual one."""

    name: str
    folder: str = ""
    revision: str = ""
    split: str = ""


def hub_data(path: Path) -> HubData | None:
    """The data set that a path names; None if it names a file."""
    if not (text := path.as_posix()).startswith(PREFIX):
        return None
    found = _WHOLE.fullmatch(text.removeprefix(PREFIX))
    if found is None:
        raise Mistake(f"{text} does not name a data set of the Hub.", "Example: hub:bentrevett/multi30k")
    parts = {key: part or "" for key, part in found.groupdict().items()}
    parts["split"] = _split_named(parts["split"]) or parts["split"]
    return HubData(**parts)


def download(files: Files, tell: Tell) -> Files:
    """The files to train on, with each data set of the Hub replaced by the files of its splits.

    Data without a split is trained on, and its own validation split validates if no other data is to do so.
    """
    on_hub = [found for path in files.data if (found := hub_data(path))]
    data = _all(files.data, "train", tell)
    valid = _all(files.valid, "validation", tell)
    if not files.valid and not files.aligned_valid and len(on_hub) == len(files.data) == 1 and not on_hub[0].split:
        valid = tuple(_fetch(on_hub[0], "validation", tell, needed=False))
    return replace(files, data=data, valid=valid)


def download_test(files: Files, tell: Tell) -> Files:
    """The files to evaluate on; data without a split is its test split."""
    return replace(files, data=_all(files.data, "test", tell))


def split_files(names: Sequence[str], folder: str = "") -> dict[str, list[str]]:
    """The tables of a data set by split, from the names of its files; those of one format only.

    >>> split_files(["README.md", "data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"])
    {'test': ['data/test-00000-of-00001.parquet'], 'train': ['data/train-00000-of-00001.parquet']}
    """
    inside = [name for name in sorted(names) if name.startswith(f"{folder}/" if folder else "")]
    for ending in ENDINGS:
        tables = [name for name in inside if format_of(Path(name)) == ending]
        if tables:
            found: dict[str, list[str]] = {}
            for name in tables:
                found.setdefault(_split_in(name) or "train", []).append(name)
            return found
    return {}


def _all(paths: Sequence[Path], usual: str, tell: Tell) -> tuple[Path, ...]:
    found: list[Path] = []
    for path in paths:
        data = hub_data(path)
        found += [path] if data is None else _fetch(data, usual, tell)
    return tuple(found)


def _fetch(data: HubData, usual: str, tell: Tell, *, needed: bool = True) -> list[Path]:
    """The files of a split on this machine; a split that is not there is a `Mistake` if it is needed."""
    split, listed = data.split or usual, hub_library.list_files(data.name, data.revision)
    splits = split_files(listed.names, data.folder)
    if not splits:
        what = f"{PREFIX}{data.name} has no table that can be read{f' in {data.folder}/' if data.folder else ''}."
        raise Mistake(what, f"It must have files that end in {', '.join(ENDINGS)}, also compressed.")
    if split not in splits:
        if not needed:
            return []
        remedy = f"{nearest(split, splits)} Write {PREFIX}{data.name}:SPLIT"
        raise Mistake(f"{PREFIX}{data.name} has no split '{split}'.", remedy)
    folders = sorted({str(Path(name).parent) for name in splits[split]})
    if len(folders) > 1:
        shown = f"{PREFIX}{data.name}/{folders[0]}"
        what = f"{PREFIX}{data.name} has tables of '{split}' in several folders: {', '.join(folders)}."
        raise Mistake(what, f"Name one: {shown}")
    paths = [hub_library.fetch(data.name, name, data.revision, cached=listed.cached) for name in splits[split]]
    tell(f"The split {split} of {PREFIX}{data.name}: {', '.join(splits[split])}.")
    return paths


def _split_in(name: str) -> str:
    """The split that a file's name tells, or the nearest folder's; "" if none does."""
    for part in reversed(Path(name).parts):
        for word in re.split(r"[^a-z]+", part.lower()):
            if split := _split_named(word):
                return split
    return ""


def _split_named(word: str) -> str:
    return next((split for split, words in SPLITS.items() if word.lower() in words), "")
