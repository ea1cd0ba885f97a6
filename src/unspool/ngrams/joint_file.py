"""The joint n-gram model in a trained folder: `joint-ngram.npz`.

sources, targets: `[K, 2]` the sides of the joint symbols, in their order, -1 where a side is shorter
parents, symbols, suffixes: `[N]`; log_probs `[N]`, log_backoffs `[N + 1]`: see `kneser_ney.Tree`
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unspool.data.npz import read_npz
from unspool.errors import Mistake
from unspool.ngrams.alignment import JointSymbol
from unspool.ngrams.joint import JointNgram
from unspool.ngrams.kneser_ney import NgramModel, Tree
from unspool.storage.atomic import replace
from unspool.types import Array

SIDES = ("sources", "targets")
# Symbols of one side of a joint symbol.
MOST = 2
REMEDY = "Copy the folder again, or remove the file: the network then answers alone."


def write_joint_ngram(path: Path, joint: JointNgram) -> None:
    """Write it atomically."""
    sides = [_padded([symbol[side] for symbol in joint.symbols]) for side in range(2)]
    arrays: dict[str, Any] = dict(zip(SIDES, sides, strict=True)) | joint.model.tree._asdict()
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    replace(path, content.getvalue())


def read_joint_ngram(path: Path) -> JointNgram:
    """The inverse; a damaged file is a `Mistake`."""
    try:
        found = read_npz(path, (*SIDES, *Tree._fields))
    except Mistake as mistake:  # its remedy is for arrays that a person writes
        raise Mistake(mistake.what, REMEDY) from None
    if not _is_whole(found):
        raise Mistake(f"{path} holds no joint n-gram model that can be read.", REMEDY)
    symbols: list[JointSymbol] = [
        (_ids(source), _ids(target)) for source, target in zip(*(found[side].tolist() for side in SIDES), strict=True)
    ]
    tree = Tree(*(found[name] for name in Tree._fields))
    return JointNgram(symbols, NgramModel(tree, len(symbols) + 1))


def _padded(sides: Sequence[Sequence[int]]) -> Array:
    padded = np.full((len(sides), MOST), -1, dtype=np.int32)
    for row, ids in zip(padded, sides, strict=True):
        row[: len(ids)] = ids
    return padded


def _ids(row: Sequence[int]) -> tuple[int, ...]:
    return tuple(number for number in row if number >= 0)


def _is_whole(found: dict[str, Array]) -> bool:
    """Whether all can be used: each n-gram stands after those that it is made from, no log-probability is above 0."""
    if {*found} != {*SIDES, *Tree._fields}:
        return False
    integers = [found[name] for name in (*SIDES, "parents", "symbols", "suffixes")]
    logs = log_probs, log_backoffs = found["log_probs"], found["log_backoffs"]
    sources, targets, parents, symbols, suffixes = integers
    count, known = len(parents.ravel()), len(sources.ravel()) // MOST
    shapes = [array.shape for array in (sources, targets, parents, symbols, suffixes, log_probs, log_backoffs)]
    if shapes != [(known, MOST)] * 2 + [(count,)] * 4 + [(count + 1,)]:
        return False
    if any(one.dtype.kind != "i" for one in integers) or any(one.dtype.kind != "f" for one in logs):
        return False
    numbers = np.arange(1, count + 1)
    inside = all(((links >= 0) & (links < numbers)).all() for links in (parents, suffixes))
    inside &= bool(((symbols >= 0) & (symbols <= known)).all())
    return inside and all(bool((-np.inf < one).all() and (one <= 1e-6).all()) for one in logs)
