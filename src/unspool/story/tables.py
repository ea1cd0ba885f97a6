"""The made-up data of the story as files: what the models learn from, and what they are asked at the end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random

from unspool.data.inputs import Files
from unspool.storage.atomic import replace
from unspool.story.greetings import greetings
from unspool.story.marked_letters import marked_letters
from unspool.story.reviews import reviews
from unspool.story.secret_language import word_pairs

# Examples to learn from, and to choose the best weights with. Every model that is compared learns from the same file.
LEARNED, VALIDATED = 20_000, 150
# Random seeds; what is asked at the end has another one.
TRAIN, VALID, ASKED = 1, 2, 3
TABLES = ("greetings", "marked", "secret", "reviews")


def write_tables(folder: Path) -> dict[str, Files]:
    """Write the files that are not there yet; returns them by name."""
    files = {name: _paths(folder, name) for name in TABLES}
    for name, of_one in files.items():
        for path, count, seed in ((of_one.data[0], LEARNED, TRAIN), (of_one.valid[0], VALIDATED, VALID)):
            if not path.exists():
                replace(path, _content(name, count, seed).encode())
    return files


def _paths(folder: Path, name: str) -> Files:
    ending = "txt" if name == "greetings" else "tsv"
    return Files((folder / f"{name}.train.{ending}",), (folder / f"{name}.valid.{ending}",))


def _content(name: str, count: int, seed: int) -> str:
    if name == "greetings":
        return greetings(count // 5, seed)
    if name == "marked":
        return _table((one.source, one.letter) for one in marked_letters(count, seed))
    if name == "secret":
        return _table(word_pairs(count, seed))
    both = [*reviews("en", count // 8, seed), *reviews("ko", count // 8, seed + 10)]
    Random(seed).shuffle(both)
    return _table((one.text, one.label) for one in both)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{source}\t{target}\n" for source, target in rows)
