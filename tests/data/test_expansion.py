"""Small files that would fill memory, or take hours."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
import zstandard

from unspool.data.fingerprint import fingerprint
from unspool.data.tables import Table
from unspool.errors import Mistake


def zst(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(content)


BOMBS = {
    "a line of zeros": bytes(40 << 20),
    "short lines": b"\n" * (20 << 20),
    "rows": b"a\tb\n" * (5 << 20),
}


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("zst", zst)])
@pytest.mark.parametrize("kind", BOMBS)
def test_a_file_that_expands_without_end_is_refused(kind: str, ending: str, compress, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"a.tsv.{ending}"
    path.write_bytes(compress(BOMBS[kind]))
    tracemalloc.start()
    try:
        with pytest.raises(Mistake, match="expands to more than 100 times"):
            fingerprint([path])
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()


def test_what_shrinks_much_and_is_small_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"a\tb\n" * 50_000))
    assert sum(1 for _ in Table([path])) == 50_000
