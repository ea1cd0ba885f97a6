"""A hash of the data of a run."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from unspool.data.files import damage_said, open_bytes

CHUNK = 1 << 20


def fingerprint(paths: Sequence[Path]) -> str:
    """A hash of the files' decompressed bytes in their order, 32 hexadecimal digits; names do not count."""
    whole = blake2b(digest_size=16)
    for path in paths:
        single = blake2b(digest_size=16)
        with open_bytes(path) as file, damage_said(path):
            while chunk := file.read(CHUNK):
                single.update(chunk)
        whole.update(single.digest())
    return whole.hexdigest()
