from __future__ import annotations

import gzip
from pathlib import Path

from unspool.data.fingerprint import fingerprint


def test_a_fingerprint_is_of_the_content_however_it_is_named_or_compressed(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"a\tb\n")
    (tmp_path / "b.tsv.gz").write_bytes(gzip.compress(b"a\tb\n"))
    assert fingerprint([tmp_path / "a.tsv"]) == fingerprint([tmp_path / "b.tsv.gz"])


def test_any_change_and_any_other_order_or_division_changes_it(tmp_path: Path) -> None:
    contents = {"a": b"a\tb\n", "b": b"a\tc\n", "ab": b"a\tb\na\tc\n"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    a, b, both = (tmp_path / name for name in contents)
    assert len({fingerprint(paths) for paths in ([a], [b], [a, b], [b, a], [both])}) == 5
