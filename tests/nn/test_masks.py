"""Masks: True is real, and what is read backwards or last is real."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.nn.masks import last, mask_of, reverse

LENGTHS = st.lists(st.integers(0, 6), min_size=1, max_size=5)


@given(lengths=LENGTHS, more=st.integers(1, 3))
@settings(deadline=None, max_examples=50)
def test_mask_is_true_at_real_positions_and_nowhere_else(lengths: list[int], more: int) -> None:
    width = max(lengths) + more
    mask = mask_of(torch.tensor(lengths), width)
    assert mask.tolist() == [[True] * n + [False] * (width - n) for n in lengths]


@given(lengths=LENGTHS, more=st.integers(1, 3))
@settings(deadline=None, max_examples=50)
def test_reverse_turns_real_items_and_leaves_padding_in_place(lengths: list[int], more: int) -> None:
    width = max(lengths) + more
    items = torch.arange(len(lengths) * width).view(len(lengths), width)
    turned = reverse(items, mask_of(torch.tensor(lengths), width)).tolist()
    assert turned == [row[:n][::-1] + row[n:] for row, n in zip(items.tolist(), lengths, strict=True)]


@given(lengths=LENGTHS, deep=st.booleans())
@settings(deadline=None, max_examples=50)
def test_reverse_twice_is_the_identity(lengths: list[int], deep: bool) -> None:
    items = torch.randn((len(lengths), 7, 3) if deep else (len(lengths), 7))
    mask = mask_of(torch.tensor(lengths), 7)
    assert torch.equal(reverse(reverse(items, mask), mask), items)


def test_reverse_moves_whole_vectors() -> None:
    items, mask = torch.randn(1, 4, 3), mask_of(torch.tensor([3]), 4)
    assert torch.equal(reverse(items, mask), items[:, [2, 1, 0, 3]])


@given(lengths=LENGTHS)
@settings(deadline=None, max_examples=50)
def test_last_is_the_last_real_item_or_the_initial_one(lengths: list[int]) -> None:
    outputs, initial = torch.randn(len(lengths), 7, 3), torch.randn(len(lengths), 3)
    found = last(outputs, mask_of(torch.tensor(lengths), 7), initial)
    for b, n in enumerate(lengths):
        assert torch.equal(found[b], outputs[b, n - 1] if n else initial[b])
