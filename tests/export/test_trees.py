"""A tree as a list of named leaves, and back."""

from __future__ import annotations

from typing import Any, NamedTuple

from unspool.export.trees import flatten, leaf_names, unflatten


class Branch(NamedTuple):
    layers: Any
    fed: Any


TREE = (Branch(((1, 2), (3,)), None), None, 4)


def test_leaves_are_named_by_their_path_and_empty_ones_are_left_out() -> None:
    assert flatten(TREE) == [1, 2, 3, 4]
    assert leaf_names(TREE, "state") == ["state.0.layers.0.0", "state.0.layers.0.1", "state.0.layers.1.0", "state.2"]


def test_a_tree_of_one_leaf_has_its_own_name_and_nothing_has_none() -> None:
    assert leaf_names(7, "attention") == ["attention"]
    assert leaf_names(None, "attention") == []


def test_a_tree_is_rebuilt_in_its_own_form() -> None:
    assert unflatten(TREE, flatten(TREE)) == TREE
    assert unflatten(TREE, [5, 6, 7, 8]) == (Branch(((5, 6), (7,)), None), None, 8)
