"""`unspool models` and `unspool recipes`: lists of what there is."""

from __future__ import annotations

from unspool.screens.console import say


def models() -> None:
    """List the models: name, year, paper, kind, number of parameters; and the trained ones of the package."""
    from unspool.models.registry import models as all_models
    from unspool.named_models import bundled_models, title_of
    from unspool.tasks import LABELS, SYMBOLS

    for name, entry in sorted(all_models().items(), key=lambda item: item[1].year):
        where = f"  arXiv:{entry.arxiv}" if entry.arxiv else ""
        millions = f"{entry.parameters / 1e6:.1f} M"
        print(f"{name:<12} {entry.year}  {entry.paper:<24} {entry.kind:<32} {millions:>7}{where}")
    say(f"Parameters are counted with default settings and {SYMBOLS:,} symbols on each side, or {LABELS} labels.")
    for name in bundled_models():
        say(f"Comes trained with the package: {title_of(name)}")
    say("Details of a model: unspool describe NAME")


def recipes() -> None:
    """List the recipes: tasks from start to end, on data that installs with a package."""
    from unspool.recipes.registry import RECIPES

    for name, what in RECIPES.items():
        print(f"{name:<15} {what}")
