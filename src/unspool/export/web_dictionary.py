"""The dictionary of a model for the browser, without the lines that its network does not need.

A visitor downloads a dictionary with the page. Where the network alone gives the dictionary's only answer, the line
can stay at home: the answer is the same. Which sources these are takes an hour to find out, so it is found once, and
`dictionary.learned` keeps it: a hash of the files that it is true of, and a bit for each source of the dictionary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path

import numpy as np

from unspool import folder as disk
from unspool.data.sorted_table import SortedTable, read_sorted_table, sorted_table_bytes
from unspool.runtime.manifest import ENCODER, STEP
from unspool.types import Array

LEARNED = "dictionary.learned"
# What the bits are true of: other weights or other symbols would answer otherwise.
TRUE_OF = (disk.DICTIONARY, ENCODER, STEP, *disk.FIELDS.values())
HASH_BYTES = 16


def web_dictionary(folder: Path) -> bytes | None:
    """The dictionary of an exported folder as a browser gets it, compressed; None if it has none.

    Without `dictionary.learned`, or with one of other files or a damaged one, it is the whole dictionary.
    """
    path = folder / disk.DICTIONARY
    if not path.is_file():
        return None
    learned = read_learned(folder)
    if learned is None:
        return path.read_bytes()
    table = read_sorted_table(path)
    kept = list(compress(table, (~learned).tolist()))
    return sorted_table_bytes(_lines(table, kept))


def read_learned(folder: Path) -> Array | None:
    """`[N]` for each source of the dictionary, in its order: whether the network alone gives its only answer.

    None if that is not known of these files.
    """
    path = folder / LEARNED
    if not path.is_file():
        return None
    content = path.read_bytes()
    bits = content[HASH_BYTES:]
    if content[:HASH_BYTES] != _hash(folder, bits):
        return None
    return np.unpackbits(np.frombuffer(bits, np.uint8))[: len(read_sorted_table(folder / disk.DICTIONARY))].astype(bool)


def write_learned(folder: Path, learned: Sequence[bool]) -> None:
    """Keep what was found out about an exported folder; learned: as `read_learned` returns it."""
    bits = np.packbits(np.array(learned, dtype=bool)).tobytes()
    (folder / LEARNED).write_bytes(_hash(folder, bits) + bits)


def _lines(table: SortedTable, sources: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((source, answer) for source in sources for answer in table[source])


def _hash(folder: Path, bits: bytes) -> bytes:
    """A hash of the bits and of the files that they are true of."""
    found = hashlib.blake2b(digest_size=HASH_BYTES)
    for name in TRUE_OF:
        content = (folder / name).read_bytes()
        found.update(len(content).to_bytes(8) + content)
    found.update(bits)
    return found.digest()
