from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.data.buckets import MULTIPLE, epoch_batches, padding
from unspool.data.corpus import Corpus, collate
from unspool.data.ragged import EncodedSide, Ragged
from unspool.fields.text import TextField
from unspool.text.bytes import ByteTokenizer

LENGTHS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=120)


def corpus_of(lengths: list[tuple[int, int]]) -> Corpus:
    sides = []
    for side in zip(*lengths, strict=True):
        offsets = np.concatenate([[0], np.cumsum(side)])
        ids = Ragged(np.full(offsets[-1], 5, dtype=np.uint8), offsets)
        sides.append(EncodedSide(TextField(ByteTokenizer()), (ids,)))
    return Corpus(sides[0], sides[1])


def many(count: int) -> Corpus:
    lengths = np.random.default_rng(0).integers(3, 15, size=(count, 2))
    return corpus_of([(int(source), int(target)) for source, target in lengths])


def content(corpus: Corpus, budget: int, seed: int, epoch: int) -> list[list[int]]:
    return [batch.tolist() for batch in epoch_batches(corpus, budget, seed, epoch)]


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 400), st.integers(0, 3), st.integers(0, 3))
def test_every_example_comes_exactly_once(lengths: list[tuple[int, int]], budget: int, seed: int, epoch: int) -> None:
    batches = content(corpus_of(lengths), budget, seed, epoch)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 400))
def test_the_budget_holds_with_padding_except_for_a_single_example(lengths: list[tuple[int, int]], budget: int) -> None:
    corpus = corpus_of(lengths)
    for indices in epoch_batches(corpus, budget, 1, 0):
        batch = collate(corpus, indices)
        assert batch.target is not None
        assert len(indices) == 1 or batch.source.values.size + batch.target.values.size <= budget


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.integers(1, 400))
def test_padding_is_the_share_of_zeros_in_the_collated_batches(lengths: list[tuple[int, int]], budget: int) -> None:
    corpus = corpus_of(lengths)
    batches = epoch_batches(corpus, budget, 1, 0)
    collated = [collate(corpus, indices) for indices in batches]
    cells = [side.values for batch in collated for side in (batch.source, batch.target) if side is not None]
    share = sum(int((values == 0).sum()) for values in cells) / sum(values.size for values in cells)
    assert padding(corpus, batches) == pytest.approx(share)


def test_batches_have_few_sizes_and_lose_less_than_a_third_of_their_budget_for_it() -> None:
    corpus = many(20_000)
    lengths = corpus.sources.lengths() + corpus.targets.lengths()
    batches = list(epoch_batches(corpus, 4000, 1, 0))
    sizes = [len(batch) for batch in batches]
    assert max(sizes) > 4 * MULTIPLE
    assert sum(size >= 4 * MULTIPLE and size % MULTIPLE != 0 for size in sizes) <= 1  # where the examples end
    assert sum(size * int(lengths[batch].max()) < 4000 * 2 / 3 for size, batch in zip(sizes, batches, strict=True)) <= 2


def test_the_same_seed_and_epoch_give_the_same_batches_from_any_number_on() -> None:
    corpus = many(500)
    assert content(corpus, 300, 7, 2) == content(corpus, 300, 7, 2)
    assert epoch_batches(corpus, 300, 7, 2)[11].tolist() == content(corpus, 300, 7, 2)[11]


@pytest.mark.parametrize(("seed", "epoch"), [(7, 3), (8, 2)])
def test_another_epoch_or_seed_mixes_other_examples_in_another_order(seed: int, epoch: int) -> None:
    corpus = many(3000)
    first, second = content(corpus, 300, 7, 2), content(corpus, 300, seed, epoch)
    lengths = corpus.sources.lengths()
    assert {frozenset(batch) for batch in first} != {frozenset(batch) for batch in second}
    assert [int(lengths[batch[0]]) for batch in first] != [int(lengths[batch[0]]) for batch in second]


def test_which_batches_a_seed_gives_never_changes_between_releases() -> None:
    batches = epoch_batches(many(3000), 600, 7, 2)
    assert batches[0].tolist()[:6] == [1644, 2032, 2256, 827, 588, 1564]
    assert batches[40].tolist()[:6] == [1110, 1093, 1194, 2756, 2098, 568]


def test_batches_do_not_come_in_order_of_length() -> None:
    corpus = many(3000)
    longest = [int(corpus.sources.lengths()[batch].max()) for batch in epoch_batches(corpus, 300, 1, 0)]
    assert longest != sorted(longest) and longest != sorted(longest, reverse=True)


def test_like_lengths_share_a_batch() -> None:
    corpus = many(20_000)
    assert padding(corpus, epoch_batches(corpus, 1024, 1, 0)) < 0.03
