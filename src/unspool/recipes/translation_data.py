"""The data of the recipe translation: pairs of sentences in three files, without a sentence that two of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

from unspool.data.columns import parse_columns
from unspool.data.hub import download, download_test, hub_data
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.errors import Mistake
from unspool.recipes.held_out import SplitFiles
from unspool.recipes.training import Screen
from unspool.storage.atomic import replace

# Of the pairs of one's own data, the share of validation and of test, and the most.
HELD_OUT, MOST = 0.05, 1000
FEWEST = 100
PARTS = ("train", "valid", "test")

Pair = tuple[str, str]


def write_split(folder: Path, data: Path, columns: str | None, screen: Screen) -> SplitFiles:
    """Write train.tsv, valid.tsv and test.tsv from a table, or from the splits of a data set of the Hub."""
    split = SplitFiles(*(folder / f"{part}.tsv" for part in PARTS))
    if all(path.exists() for path in split):
        return split
    parts = _of_hub(data, columns, screen) if hub_data(data) else divided(read_pairs([data], columns))
    if len(parts[0]) < FEWEST:
        what = f"{data} has {len(parts[0]):,} pairs to train on, and at least {FEWEST} are needed."
        raise Mistake(what, "Give more: a line for each pair, with a tab between the two texts.")
    for path, pairs in zip(split, parts, strict=True):
        replace(path, "".join(f"{source}\t{target}\n" for source, target in pairs).encode())
    screen.say(f"{len(parts[0]):,} pairs to train on, {len(parts[1]):,} to validate, {len(parts[2]):,} for the end.")
    return split


def read_pairs(paths: Sequence[Path], columns: str | None) -> list[Pair]:
    """Source and target of each row, with white space as single spaces."""
    table, _ = Files(tuple(paths)).open(Reading(parse_columns(columns) if columns else None))
    return [(_plain(pair.source), _plain(pair.target)) for pair in table]


def divided(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Training, validation and test, the same ones every time.

    Pairs that share a source or a target stay together, and so do pairs that are connected by others. So a sentence of
    the test was never seen, neither as a source nor as a target.
    """
    groups = connected(pairs)
    order = sorted({*groups}, key=lambda group: blake2b("\t".join(pairs[group]).encode()).digest())
    members: dict[int, list[Pair]] = {group: [] for group in order}
    for pair, group in zip(pairs, groups, strict=True):
        members[group].append(pair)
    wanted = max(1, min(MOST, round(HELD_OUT * len(pairs))))
    test, valid, train = list[Pair](), list[Pair](), list[Pair]()
    for group in order:
        small = len(members[group]) <= wanted // 10 + 1
        part = next((part for part in (test, valid) if small and len(part) < wanted), train)
        part += members[group]
    return train, valid, test


def connected(pairs: Iterable[Pair]) -> list[int]:
    """For each pair the number of the first pair that it is connected with by equal sources or targets."""
    parents, first = list[int](), dict[tuple[int, str], int]()

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for number, pair in enumerate(pairs):
        parents.append(number)
        for side, text in enumerate(pair):
            other = root(first.setdefault((side, text.casefold()), number))
            low, high = sorted((other, root(number)))
            parents[high] = low
    return [root(number) for number in range(len(parents))]


def _of_hub(data: Path, columns: str | None, screen: Screen) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """The data set's own splits, or parts of its training split where it has not all of them."""
    files = download(Files((data,)), screen.say)
    training = read_pairs(files.data, columns)
    try:
        test = download_test(Files((data,)), screen.say).data
    except Mistake:
        test = ()
    if not (files.valid and test):
        return divided(training)
    return training, read_pairs(files.valid, columns), read_pairs(test, columns)


def _plain(side: Sequence[str]) -> str:
    return " ".join(" ".join(side).split())
