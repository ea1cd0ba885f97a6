"""What a model's file says of it, read without importing it: that would take PyTorch."""

from __future__ import annotations

import ast
from importlib.resources import files
from typing import NamedTuple


class About(NamedTuple):
    """The paper's authors, year and title, and three sentences in each language that say what the model is."""

    paper: str
    english: tuple[str, ...]
    korean: tuple[str, ...]


def about(name: str) -> About:
    """The first line of a model's docstring, and its constants `ENGLISH` and `KOREAN`."""
    tree = ast.parse((files("unspool.models") / f"{name}.py").read_text(encoding="utf-8"))
    paper, _, _ = (ast.get_docstring(tree) or "").partition("\n")
    return About(paper.partition(" arXiv:")[0], _constant(tree, "ENGLISH"), _constant(tree, "KOREAN"))


def _constant(tree: ast.Module, name: str) -> tuple[str, ...]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=found)]) if found == name:
                sentences: tuple[str, ...] = ast.literal_eval(statement.value)
                return sentences
    raise LookupError(f"The file does not say {name}: three sentences about the model.")
