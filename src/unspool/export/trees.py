"""Trees as flat lists of named leaves, because graphs have no trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from unspool.types import Tree, map_tree


def flatten(tree: Tree) -> list[Any]:
    """All leaves in order, without None."""
    return [leaf for _, leaf in named_leaves(tree, "")]


def leaf_names(tree: Tree, name: str) -> list[str]:
    """The names of the leaves: `memory.states`, `state.layers.0.1`; a tree that is one leaf has the name itself."""
    return [path for path, _ in named_leaves(tree, name)]


def named_leaves(tree: Tree, name: str) -> Iterator[tuple[str, Any]]:
    """Every leaf with its path of field names and indices."""
    if isinstance(tree, tuple):
        fields: Sequence[Any] = getattr(tree, "_fields", range(len(tree)))
        for field, branch in zip(fields, tree, strict=True):
            yield from named_leaves(branch, f"{name}.{field}")
    elif tree is not None:
        yield name, tree


def unflatten(tree: Tree, new: Sequence[Any]) -> Tree:
    """A tree of the same structure with these leaves."""
    following = iter(new)
    return map_tree(lambda leaf: next(following), tree)


def clone_leaves(tree: Tree) -> list[Any]:
    """Copies of the leaves: in a graph, a tensor that is returned twice, or is also an input, needs its own copies."""
    return [leaf.clone() for leaf in flatten(tree)]
