"""Round trips of real data that lies beside the repository; skipped where it does not."""

from __future__ import annotations

import pytest

from documented import REPOSITORY
from unspool.text import registry

DATA = REPOSITORY.parent / "shared" / "data"
KOREAN = DATA / "tatoeba" / "eng-kor.tsv"


@pytest.mark.skipif(not KOREAN.exists(), reason=f"{KOREAN.name} is not here")
@pytest.mark.parametrize("kind", ["chars", "jamo", "bytes", "bpe", "unigram"])
def test_every_korean_line_comes_back_exactly(kind: str) -> None:
    lines = [line.split("\t")[1] for line in KOREAN.read_text(encoding="utf-8").splitlines()]
    tokenizer = registry.fit(kind, lines, size=2000, min_count=1)
    assert len(lines) > 3000
    for line, ids in zip(lines, tokenizer.encode_many(lines), strict=True):
        assert tokenizer.decode(ids) == line
