"""Names: a class can be found by its name alone."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict

from documented import REPOSITORY

SOURCE = REPOSITORY / "src" / "unspool"


def test_no_two_public_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in SOURCE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(path.relative_to(SOURCE).as_posix())
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_no_file_is_called_after_nothing() -> None:
    empty = {"utils", "helpers", "common", "base", "core", "misc"}
    assert not [path for path in SOURCE.rglob("*") if path.stem in empty]


def test_packages_are_not_deeper_than_a_file() -> None:
    depths = Counter(len(path.relative_to(SOURCE).parts) for path in SOURCE.rglob("*.py"))
    assert max(depths) == 2
