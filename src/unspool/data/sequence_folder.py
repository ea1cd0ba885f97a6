"""Folders of sequences, one a file, in one of four forms:

    metadata.csv        a table (also .tsv, .jsonl, .parquet) whose cells name files: see `sequence_table`
    source/ target/     files of equal names are pairs, `source/7.csv` and `target/7.csv`; a text is a .txt
    up/ down/ …         each file's folder is its label, as in torchvision's ImageFolder
    up_1.csv down_2.csv the label is the name's beginning, up to the first underscore

Without any of these there are only sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from unspool.data.files import read_characters
from unspool.data.reading import Reading
from unspool.data.sequence_files import ENDINGS, joined, kind_of_file, read_sequence
from unspool.data.sequences import TEXT, Held, SequencePair, SideKind
from unspool.errors import Mistake
from unspool.fields.field import Raw

TABLES = ("metadata.csv", "metadata.tsv", "metadata.jsonl", "metadata.parquet")
TEXT_ENDING = ".txt"


def table_of(folder: Path) -> Path | None:
    """The table that names the folder's files, if there is one."""
    return next((folder / name for name in TABLES if (folder / name).is_file()), None)


def held(folder: Path) -> Held:
    """What both sides are, by the endings of the files; an empty folder is a `Mistake`."""
    if _paired(folder):
        return Held(_kind(folder / "source"), _kind(folder / "target"))
    return Held(kind_of_file(_sequences(folder)[0]) or TEXT)


def read(folder: Path, reading: Reading) -> Iterator[SequencePair]:
    """The pairs of a folder without a table, in the order of their names."""
    if _paired(folder):
        yield from _pairs(folder, reading)
        return
    files = _sequences(folder)
    in_names = all(path.parent == folder and path.name.find("_") > 0 for path in files)
    for path in files:
        label = path.relative_to(folder).parts[0] if path.parent != folder else ""
        label = path.name.partition("_")[0] if in_names else label
        yield SequencePair(read_sequence(path, reading), label, str(path))


def holds_sequences(folder: Path) -> bool:
    """Whether a folder holds data in one of these forms."""
    return bool(table_of(folder) or _paired(folder) or next(_walk(folder, (*ENDINGS,)), None))


def _paired(folder: Path) -> bool:
    return (folder / "source").is_dir() and (folder / "target").is_dir()


def _kind(folder: Path) -> SideKind:
    first = next(_walk(folder, (*ENDINGS, TEXT_ENDING)), None)
    if first is None:
        raise Mistake(f"{folder} holds no sequences.", f"Known endings: {', '.join(ENDINGS)}; of texts {TEXT_ENDING}.")
    return kind_of_file(first) or TEXT


def _sequences(folder: Path) -> list[Path]:
    files = sorted(_walk(folder, (*ENDINGS,)))
    if not files:
        raise Mistake(f"{folder} holds no sequences.", f"Known endings: {', '.join(ENDINGS)}.")
    if len(kinds := {kind_of_file(path) for path in files}) > 1:
        shown = " and ".join(next(path.name for path in files if kind_of_file(path) == kind) for kind in kinds)
        raise Mistake(f"{folder} holds numbers and recordings: {shown}.", "Keep them in folders of their own.")
    return files


def _pairs(folder: Path, reading: Reading) -> Iterator[SequencePair]:
    sides = [
        {path.name.partition(".")[0]: path for path in sorted(_walk(folder / side, (*ENDINGS, TEXT_ENDING)))}
        for side in ("source", "target")
    ]
    if alone := sorted(sides[0].keys() ^ sides[1].keys()):
        what = f"{folder}: there is no pair of {joined(alone)}; source/ and target/ need files of equal names."
        raise Mistake(what, "Add what is missing, or move the file away.")
    for name, path in sides[0].items():
        yield SequencePair(_item(path, reading), _item(sides[1][name], reading), str(path))


def _item(path: Path, reading: Reading) -> Raw:
    if path.suffix.lower() != TEXT_ENDING:
        return read_sequence(path, reading)
    return " ".join(read_characters(path, reading.dialect.encoding).split())


def _walk(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Files with these endings, hidden ones left out; in the folder itself and in its folders."""
    found = (path for pattern in ("*", "*/*") for path in folder.glob(pattern))
    return (
        path
        for path in found
        if path.name.lower().endswith(endings)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
