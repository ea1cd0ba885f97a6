"""`unspool models` and `unspool recipes`: what there is."""

from __future__ import annotations


def models() -> None:
    """List the models: name, year, paper, kind."""
    from unspool.models.registry import MODELS

    for name, entry in sorted(MODELS.items(), key=lambda item: item[1].year):
        where = f"  arXiv:{entry.arxiv}" if entry.arxiv else ""
        print(f"{name:<12} {entry.year}  {entry.paper:<26} {entry.kind:<31}{where}")


def recipes() -> None:
    """List the recipes: tasks from start to end, on data that installs with a package."""
    from unspool.recipes.registry import RECIPES

    for name, what in RECIPES.items():
        print(f"{name:<15} {what}")
