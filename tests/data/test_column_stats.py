from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.data.column_stats import Lengths, TableStats, lengths_of
from unspool.data.reservoir import SAMPLE
from unspool.data.tables import Pair

ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1)


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_counts_by_hash_equal_counts_by_sets(rows: list[tuple[str, str]]) -> None:
    stats = TableStats(Pair((source,), (target,), 1) for source, target in rows)
    targets = Counter(source for source, _ in set(rows))
    assert len(stats.sources()) == len(targets)
    assert stats.duplicates() == len(rows) - len(set(rows))
    assert stats.several_targets() == sum(count > 1 for count in targets.values())
    assert stats.identical == sum(source == target for source, target in rows)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=1))
def test_lengths_are_quantiles(lengths: list[int]) -> None:
    found = lengths_of(Counter(lengths))
    assert (found.minimum, found.maximum) == (min(lengths), max(lengths))
    for value, share in ((found.median, 0.5), (found.most, 0.95)):
        assert sum(length <= value for length in lengths) >= share * len(lengths)
        assert sum(length < value for length in lengths) < share * len(lengths)


def test_a_single_length_is_every_quantile() -> None:
    assert lengths_of({3: 7}) == Lengths(3, 3, 3, 3)


def test_the_sample_is_of_bounded_size_the_same_each_time_and_from_the_whole_table() -> None:
    pairs = [Pair(("a",), ("b",), line) for line in range(4 * SAMPLE)]
    sample = TableStats(pairs).sample
    assert len({pair.line for pair in sample}) == SAMPLE and sample == TableStats(pairs).sample
    assert 0.45 < sum(pair.line >= 2 * SAMPLE for pair in sample) / SAMPLE < 0.55
