"""The three tables of a recipe: to train on, to validate on, and to test on at the end.

A hash of its key decides where a row belongs: the same ones on every machine, and rows of one key are together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.storage.atomic import replace


class SplitFiles(NamedTuple):
    """The three files of a run."""

    train: Path
    valid: Path
    test: Path

    @property
    def files(self) -> Files:
        """Those to train on."""
        return Files((self.train,), (self.valid,))


class KeyedLine(NamedTuple):
    """A line of a table, without its end, and the key by which it is held out."""

    key: str
    line: str


class HeldOutShare(NamedTuple):
    """A share of the keys, and at most this number of them."""

    share: float
    most: int

    def of(self, count: int) -> int:
        """How many of `count` keys; at least one."""
        return max(1, min(self.most, round(self.share * count)))


class HeldOut(NamedTuple):
    """How much is held out for the figures at the end, and for validation; noun: what a key is, one and several."""

    test: HeldOutShare
    valid: HeldOutShare
    noun: tuple[str, str]
    fewest: int = 20


def write_tables(
    paths: dict[str, Path],
    rows: Callable[[], Sequence[KeyedLine]],
    held: HeldOut,
    what: str,
    say: Callable[[str], None],
) -> Files:
    """Write the tables `train`, `valid` and `test` once; those that are there stay. what: the data's name."""
    if not all(path.exists() for path in paths.values()):
        read = rows()
        parts = parts_of({row.key for row in read}, held)
        if len(parts) < held.fewest:
            found = counted(len(parts), *held.noun)
            raise Mistake(f"{what} has {found}, and at least {held.fewest} are needed.", "Give more data: --data FILE")
        lines: dict[str, list[str]] = {name: [] for name in paths}
        for row in read:
            lines[parts[row.key]].append(f"{row.line}\n")
        for name, path in paths.items():
            replace(path, "".join(lines[name]).encode())
        tested = sum(part == "test" for part in parts.values())
        say(f"{counted(len(parts), *held.noun)} of {what}; {tested:,} held out for the metrics at the end.")
    return Files((paths["train"],), (paths["valid"],))


def tables_in(folder: Path, ending: str) -> dict[str, Path]:
    """The paths of the three tables."""
    return {name: folder / f"{name}{ending}" for name in ("train", "valid", "test")}


def parts_of(keys: Iterable[str], held: HeldOut) -> dict[str, str]:
    """The part of each key: train, valid or test."""
    ordered = sorted(keys, key=lambda key: blake2b(key.encode()).digest())
    tested, validated = held.test.of(len(ordered)), held.valid.of(len(ordered))
    parts = ["test"] * tested + ["valid"] * validated + ["train"] * max(0, len(ordered) - tested - validated)
    return dict(zip(ordered, parts, strict=False))
