"""Alignments of pairs."""

from __future__ import annotations

import numpy as np

from unspool.ngrams.alignment import align


def test_alignments_spell_both_sides() -> None:
    sources = [np.array(ids) for ids in ([4, 5, 6], [4, 6], [5], [4, 4])]
    targets = [np.array(ids) for ids in ([7, 8, 9], [7, 9], [8, 8, 8], [7])]
    found = align(sources, targets)
    assert len(found) == 3, "three symbols cannot come from one"
    spelled = {(tuple(s for a, _ in each for s in a), tuple(t for _, b in each for t in b)) for each in found}
    assert spelled == {((4, 5, 6), (7, 8, 9)), ((4, 6), (7, 9)), ((4, 4), (7,))}
    assert align([], []) == []
