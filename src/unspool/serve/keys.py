"""Keys of an API: a request shows one as `Authorization: Bearer KEY`, and it is compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from unspool.errors import Mistake

VARIABLE = "UNSPOOL_API_KEY"


class Keys:
    """The keys that are accepted; without any, everybody may ask."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._digests = [_digest(key.encode()) for key in keys]

    def __bool__(self) -> bool:
        """Whether a key is needed."""
        return bool(self._digests)

    def accept(self, header: bytes | None) -> bool:
        """Whether the header `Authorization` of a request, or its absence, is good enough.

        All keys are compared, each in a time that does not depend on where it differs.
        """
        if not self._digests:
            return True
        scheme, _, given = (header or b"").partition(b" ")
        shown = _digest(given.strip())
        found = [hmac.compare_digest(shown, digest) for digest in self._digests]
        return scheme.lower() == b"bearer" and any(found)


def read_keys(file: Path | None) -> Keys:
    """The keys of a file, one on each line, or the one in the environment; a file without a key is a `Mistake`."""
    if file is None:
        key = os.environ.get(VARIABLE, "").strip()
        return Keys([key] if key else [])
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(
            f"The key file {file} cannot be read: {error}.", "Give a text file with a key on a line."
        ) from None
    keys = [line.strip() for line in lines if line.strip()]
    if not keys:
        raise Mistake(f"The key file {file} holds no key.", "Write a key on a line of it, or leave --api-key-file out.")
    return Keys(keys)


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
