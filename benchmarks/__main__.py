"""Lists the benchmarks: the command of each, and what it measures."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent


def commands() -> dict[str, str]:
    """Each benchmark's command, run from the root of the repository, and the first line of its docstring."""
    files = sorted(file for pattern in ("*.py", "[a-z]*/*.py") for file in HERE.glob(pattern))
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files if file != Path(__file__)}
    return {
        f"python -m benchmarks.{'.'.join(file.relative_to(HERE).with_suffix('').parts)}": _first_line(tree)
        for file, tree in trees.items()
        if any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in tree.body)
    }


def _first_line(tree: ast.Module) -> str:
    return (ast.get_docstring(tree) or "").partition("\n")[0]


if __name__ == "__main__":
    for command, what in commands().items():
        print(f".venv/bin/{command}    # {what}")
