"""Sequences of real values: .npz files, and the .npy files inside them."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from damage.bytes_of_any_file import ANY_FILE
from damage.subject import Damage, Subject, Use
from damage.tables import MODELS, SHORT, written
from unspool.folder import JOINT_NGRAM
from unspool.ngrams.joint import JointNgram
from unspool.ngrams.joint_file import write_joint_ngram

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
HEADERS = (
    (b"'<f4'", b"'|O'"), (b"'<f4'", b"'<U9'"), (b"'<f4'", b"'<c8'"), (b"'<f4'", b"'>f2'"), (b"'<f4'", b"[(('a'"),
    (b"False", b"True"), (b"'shape': (", b"'shape': (9"), (b"'shape': (", b"'shape': (99999999999"),
    (b"'shape': (", b"'shape': (-"), (b"{", b"("), (b"}", b"\x00"), (b"NUMPY\x01", b"NUMPY\x09"),
    (b", }", b", 'x': 1}"),
    (b"'descr'", b"'\\ud800'"), (b"'descr'", b"'''descr'"),
)  # fmt: skip
ODD: tuple[Callable[[random.Random], Any], ...] = (
    lambda draw: np.array(draw.choice((1.0, np.nan, "a", None, True))),
    lambda draw: np.zeros((draw.randrange(3), draw.randrange(3))),
    lambda draw: np.zeros((2, 2, draw.randrange(3))),
    lambda draw: np.array([1, 0, 2**63, 2**64 - 1], dtype=np.uint64),
    lambda draw: np.array(["a", "\ud800", ""]),
    lambda draw: np.array([b"a", b"\xff"]),
    lambda draw: np.array([[1.0], [1e300]]) * draw.choice((1, np.nan, np.inf, 1e8)),
    lambda draw: np.array([1 + 2j, 3]),
    lambda draw: np.array(["2020-01-01"], dtype="datetime64[D]"),
    lambda draw: np.zeros(3, dtype=[("x", "<f4"), ("y", "<i2")]),
    lambda draw: np.array([{"a": 1}, [1]], dtype=object),
    lambda draw: np.zeros((1 << draw.choice((4, 24)), 2), dtype=np.float32),
)  # fmt: skip


def uses_of_values(path: Path) -> list[Use]:
    """Whatever reads sequences of values with a label."""
    model = MODELS / "values" / "trained"
    small = ["--set", "model.embedding_size=8", "--set", "model.encoder_size=8"]
    train = ["--model", "classifier", "--out", path.with_name("out"), *SHORT, *small]
    return [
        Use(["train", path, *train]),
        Use(["train", MODELS / "lines.npz", "--valid", path, *train]),
        Use(["train", path, "--from", model, "--out", path.with_name("out"), *SHORT]),
        Use(["evaluate", model, path]),
        Use(["predict", model, path]),
        Use(["score", model, path]),
        Use(["describe", path]),
    ]


def _members(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # damaged before
        return {"values.npy": b""}


def _pack(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _inside(path: Path, draw: random.Random) -> None:
    """Damage the bytes of one member, which the checksum does not notice."""
    members = _members(path)
    name = draw.choice([*members])
    inner = path.with_name("inner")
    inner.write_bytes(members[name])
    draw.choice(ANY_FILE[:13]).apply(inner, draw)
    _pack(path, members | {name: inner.read_bytes()}, draw.choice(METHODS))


def _header(path: Path, draw: random.Random) -> None:
    members = _members(path)
    name = draw.choice([*members])
    old, new = draw.choice(HEADERS)
    head, rest = members[name][:128], members[name][128:]
    changed = head.replace(old, new, 1)
    if draw.random() < 0.7:  # the header keeps its length, as its first bytes say
        changed = changed.replace(b" " * max(0, len(changed) - len(head)), b"", 1)
    _pack(path, members | {name: changed + rest})


def _array(path: Path, draw: random.Random) -> None:
    content = io.BytesIO()
    np.save(content, draw.choice(ODD)(draw), allow_pickle=True)
    members = _members(path)
    name = draw.choice([*members, "targets.npy", "target_values.npy", "target_lengths.npy"])
    _pack(path, members | {name: content.getvalue()})


def _without(path: Path, draw: random.Random) -> None:
    members = _members(path)
    members.pop(draw.choice([*members]))
    _pack(path, members)


def _mark(path: Path, draw: random.Random) -> None:
    """Another number in the tables of the zip file: flags, methods, sizes, places."""
    content = bytearray(path.read_bytes())
    for magic, length in ((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)):
        begin = content.find(magic)
        if begin >= 0 and draw.random() < 0.6:
            place = begin + draw.randrange(4, length)
            content[place : place + 1] = bytes([draw.choice((0, 1, 9, 77, 255))])
    path.write_bytes(bytes(content))


def _alone(path: Path, draw: random.Random) -> None:
    path.write_bytes(draw.choice([*_members(path).values()]))


DAMAGES = [
    *ANY_FILE,
    *[
        Damage("a damaged array", _inside),
        Damage("another header", _header),
        Damage("an odd array", _array),
        Damage("without an array", _without),
        Damage("other marks of the zip file", _mark),
        Damage("a renamed .npy", _alone),
    ]
    * 4,
]


def _joint_ngram(folder: Path) -> Path:
    """An exported folder with a joint n-gram model of the pairs that its network learned from."""
    copied = Path(shutil.copytree(MODELS / "luong" / "exported", folder / "exported"))
    pairs = [line.split("\t") for line in (MODELS / "pairs.tsv").read_text(encoding="utf-8").splitlines()]
    sides = ([np.array([*map(ord, text)]) for text in side] for side in zip(*pairs, strict=True))
    write_joint_ngram(copied / JOINT_NGRAM, JointNgram.fit(*sides))
    return copied / JOINT_NGRAM


def uses_of_a_beam(path: Path) -> list[Use]:
    """Whatever orders the answers of a beam."""
    return [
        Use(["predict", path.parent, "--beam", "3", "--max-length", "5"], b"abc\nfade\n"),
        Use(["describe", path.parent]),
    ]


SUBJECTS = [
    Subject("lines.npz", written("lines.npz", (MODELS / "lines.npz").read_bytes()), uses_of_values, DAMAGES),
    Subject("joint-ngram.npz", _joint_ngram, uses_of_a_beam, DAMAGES),
]
