"""A hash of the data of a run."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from unspool.data.files import damage_said, open_bytes
from unspool.data.inputs import Files

CHUNK = 1 << 20


def fingerprint(paths: Sequence[Path]) -> str:
    """A hash of the files' decompressed bytes in their order, 32 hexadecimal digits; names do not count.

    A folder counts as its files in the order of their names.
    """
    whole = blake2b(digest_size=16)
    for path in (file for given in paths for file in _files(given)):
        single = blake2b(digest_size=16)
        with open_bytes(path) as file, damage_said(path):
            while chunk := file.read(CHUNK):
                single.update(chunk)
        whole.update(single.digest())
    return whole.hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]


def is_training_data(files: Files, trained: Files, known: str) -> bool:
    """Whether some files are the training data of a run with this fingerprint, also if they were copied or moved.

    trained: the files of the run; those of its validation are part of its fingerprint, and may be gone
    """
    given = [*files.data, *files.aligned]
    validation = [*trained.valid, *trained.aligned_valid]
    if not all(path.is_file() or path.is_dir() for path in [*given, *validation]):
        return False
    return fingerprint([*given, *validation]) == known
