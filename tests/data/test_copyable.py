"""Pairs whose sources can be copied, from text to a batch."""

from __future__ import annotations

import numpy as np
from unspool.data.copyable import read_copyable
from unspool.text.copying import Copier

from unspool.data.corpus import collate, tokenise
from unspool.data.tables import Pair
from unspool.text.words import WordTokenizer
from unspool.types import EOS, UNK, Form, pad_sources, shortened

READ, WRITTEN = WordTokenizer.fit(["the cat sat"]), WordTokenizer.fit(["a cat"])
V = len(WRITTEN)
PAIRS = [
    Pair(("sat cat ox",), ("a ox sat",), 1),
    Pair(("cat",), ("a bee",), 2),
    Pair(("",), ("a",), 3),
    Pair(("ox ox bee owl",), ("owl ox",), 4),
]
COPYING = Form(copies=True)


def test_a_batch_holds_sources_in_both_vocabularies_and_targets_beyond_theirs() -> None:
    corpus = tokenise(PAIRS, READ, WRITTEN, form=COPYING)
    batch = collate(corpus, np.arange(3))
    a, cat = WRITTEN.encode("a cat")
    assert batch.source.copies is not None and batch.target is not None
    assert batch.source.copies.tolist() == [[V, cat, V + 1, 0], [cat, 0, 0, 0], [V, V, V + 1, V + 2]]
    assert batch.target.values.tolist() == [[a, V + 1, V, EOS], [a, UNK, EOS, 0], [V + 2, V, EOS, 0]]
    assert batch.source.values[0].tolist() == [*READ.encode("sat cat"), UNK, 0]
    assert (corpus.dropped, corpus.unknown_target) == (1, 1)


def test_of_what_is_cut_off_nothing_can_be_copied() -> None:
    batch = collate(tokenise(PAIRS, READ, WRITTEN, max_source=2, form=COPYING), np.arange(3))
    assert batch.source.copies is not None and batch.target is not None
    assert batch.source.copies.shape == (3, 2)
    assert batch.target.values[2].tolist() == [UNK, V, EOS, 0]
    assert batch.target.values.max() < V + 2


def test_without_copying_there_are_no_copies() -> None:
    assert collate(tokenise(PAIRS, READ, WRITTEN), np.arange(2)).source.copies is None


def test_sources_to_answer_are_numbered_as_those_of_a_corpus() -> None:
    corpus = tokenise(PAIRS, READ, WRITTEN, max_source=3, form=COPYING)
    texts = [pair.source[0] for pair in PAIRS if pair.source[0]]
    read = [shortened(source, 3) for source in read_copyable(Copier(READ, WRITTEN), texts, 3)]
    assert [source.beyond for source in read] == [("sat", "ox"), (), ("ox", "bee")]  # type: ignore[union-attr]
    expected, found = collate(corpus, np.arange(3)).source, pad_sources(read)
    for one, other in ((found.values, expected.values), (found.copies, expected.copies)):
        np.testing.assert_array_equal(one, other)
