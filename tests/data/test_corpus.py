from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspool.config import DataConfig
from unspool.data.corpus import CHUNK, Corpus, Example, RawPair, collate, encode_corpus, examples_of, raw_pairs
from unspool.data.tables import Pair
from unspool.fields.registry import Fields
from unspool.types import EOS, PAD, UNK

TEXTS = st.text("abc !", max_size=6)
PAIRS = [RawPair("ab", "c", 1), RawPair("a", "bcd", 2), RawPair("ab", "d", 5)]


def encoded(fields: Fields, *pairs: tuple[str, str], **config: int) -> Corpus:
    return encode_corpus([RawPair(*pair, 1) for pair in pairs], fields, DataConfig(**config))


def test_every_pair_is_an_example_and_targets_end_with_eos(letters: Fields) -> None:
    corpus = encode_corpus(PAIRS, letters, DataConfig())
    assert [corpus.sources[n].tolist() for n in range(3)] == [[4, 5], [4], [4, 5]]
    assert [corpus.targets[n].tolist() for n in range(3)] == [[6, EOS], [5, 6, 7, EOS], [7, EOS]]
    assert len(corpus) == 3 and corpus.messages() == []


def test_without_an_end_targets_are_just_their_symbols(letters: Fields) -> None:
    endless = Fields(letters.source, letters.source)
    assert encode_corpus(PAIRS, endless, DataConfig()).targets[0].tolist() == [6]


def test_more_pairs_than_a_chunk_keep_their_order(letters: Fields) -> None:
    pairs = [RawPair("ab"[n % 2], "cd"[n % 2], n) for n in range(CHUNK + 3)]
    corpus = encode_corpus(iter(pairs), letters, DataConfig())
    assert corpus.sources.parts[0].values.tolist() == [4 + n % 2 for n in range(CHUNK + 3)]


def test_unknown_symbols_are_counted_on_each_side(letters: Fields) -> None:
    corpus = encoded(letters, ("a!?", "b!"), ("a!", "b"))
    assert (corpus.unknown_source, corpus.unknown_target) == (3, 1)
    assert corpus.sources[0].tolist() == [4, UNK, UNK] and len(corpus.messages()) == 2


def test_sequences_over_the_limit_are_cut_counted_and_said_and_do_not_end(letters: Fields) -> None:
    corpus = encoded(letters, ("abc", "abcd"), max_source=2, max_target=3)
    assert corpus.sources[0].tolist() == [4, 5] and corpus.targets[0].tolist() == [4, 5, 6]
    assert (corpus.cut_sources, corpus.cut_targets) == (1, 1)
    assert "data.max_source" in corpus.messages()[0] and "data.max_target" in corpus.messages()[1]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, TEXTS)), st.integers(1, 4))
def test_a_chunk_at_a_time_equals_pair_by_pair(letters: Fields, rows: list[tuple[str, str]], most: int) -> None:
    corpus = encoded(letters, *rows, max_source=most, max_target=most)
    ids = [tuple(letters.source.encode(text).tolist() for text in row) for row in rows]
    kept = [(source, target) for source, target in ids if source and target]
    assert [corpus.sources[n].tolist() for n in range(len(corpus))] == [source[:most] for source, _ in kept]
    ended = [target[:most] + [EOS] * (len(target) <= most) for _, target in kept]
    assert [corpus.targets[n].tolist() for n in range(len(corpus))] == ended
    assert corpus.dropped == len(rows) - len(kept)
    assert corpus.cut_targets == sum(len(target) > most for _, target in kept)
    assert corpus.unknown_source == sum(source[:most].count(UNK) for source, _ in kept)


@pytest.mark.parametrize("pair", [(" ", "a"), ("a", " ")])
def test_a_side_without_any_symbol_leaves_the_pair_out(letters: Fields, pair: tuple[str, str]) -> None:
    corpus = encode_corpus([RawPair(*pair, 1), *PAIRS], letters, DataConfig())
    assert len(corpus) == 3 and corpus.dropped == 1 and "1 pair is left out" in corpus.messages()[0]


def test_columns_of_a_side_are_joined_by_tabs() -> None:
    assert [*raw_pairs([Pair(("a", "b"), ("c", "d"), 7)])] == [RawPair("a\tb", "c\td", 7)]


def test_a_batch_is_padded_with_zero_and_says_its_lengths_and_examples(letters: Fields) -> None:
    batch = collate(encode_corpus(PAIRS, letters, DataConfig()), np.array([1, 0], dtype=np.uint32))
    assert batch.target is not None and batch.source.copies is None
    assert batch.source.values.tolist() == [[4, PAD], [4, 5]] and batch.source.lengths.tolist() == [1, 2]
    assert batch.target.values.tolist() == [[5, 6, 7, EOS], [6, EOS, PAD, PAD]]
    assert batch.target.lengths.tolist() == [4, 2] and batch.index.tolist() == [1, 0]
    assert {batch.source.values.dtype, batch.target.values.dtype, batch.index.dtype} == {np.dtype(np.int64)}


def test_examples_group_by_source_in_order_of_appearance_without_repeated_answers() -> None:
    rows = [("ab", "c", 1), ("a", "bcd", 2), ("ab", "d", 5), ("ab", "c", 7)]
    pairs = [Pair((source,), (target,), line) for source, target, line in rows]
    assert examples_of([*pairs, Pair(("x", "y"), ("z",), 8)]) == [
        Example("ab", ("c", "d"), 1),
        Example("a", ("bcd",), 2),
        Example("x\ty", ("z",), 8),
    ]
