"""Random batches of every kind of source."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.fields.examples import BEYOND, SOURCES, example_items, example_source
from unspool.types import PAD, CopyableSymbols, Dimension, Dimensions, Ink, Labels, Sentences, Symbols, Values

LENGTHS = (5, 1, 8)
KINDS: list[Dimension] = [Symbols(9), Labels(9), Sentences(9), CopyableSymbols(9), Values(3), Ink()]


def test_there_is_a_batch_of_every_kind() -> None:
    assert {type(kind) for kind in KINDS} == set(SOURCES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_a_batch_has_the_lengths_asked_for_and_items_below_its_count(kind: Dimension) -> None:
    source = example_source(Dimensions(kind, Symbols(7)), LENGTHS, np.random.default_rng(1))
    words = source.lengths if source.inner is None else source.inner.sum(1)
    assert words.tolist() == [*LENGTHS]
    if isinstance(kind, Values | Ink):
        assert source.values.shape == (3, 8, 3)
    else:
        assert (source.values < kind.count).all() and (source.values != PAD).sum() == sum(LENGTHS)
    if source.inner is not None:
        assert source.values.shape == (3, 3, 3) and source.inner.max() == 3
    if source.copies is not None:
        beyond = [{*row[row >= 7].tolist()} for row in source.copies]
        assert beyond == [{*range(7, 7 + len(ids))} for ids in beyond] and max(map(len, beyond)) <= BEYOND


@pytest.mark.parametrize(
    ("dimensions", "most"), [(Dimensions(Symbols(9), Symbols(7)), 7), (Dimensions(CopyableSymbols(9), Symbols(7)), 10)]
)
def test_items_to_feed_are_those_that_could_be_written(dimensions: Dimensions, most: int) -> None:
    items = example_items(dimensions, 500, np.random.default_rng(1))
    assert {*items.tolist()} == {*range(2, most)}


def test_items_to_feed_may_be_real_values() -> None:
    items = example_items(Dimensions(Symbols(9), Values(3)), 5, np.random.default_rng(1))
    assert items.shape == (5, 3) and items.dtype == np.float32
    points = example_items(Dimensions(Symbols(9), Ink()), 50, np.random.default_rng(1))
    assert points.shape == (50, 3) and {*points[:, 2].tolist()} == {0, 1}
