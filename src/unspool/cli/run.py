"""`unspool run`: a task from start to end."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from unspool.errors import Mistake
from unspool.screens.console import Stopped, write


def run(
    recipe: Annotated[str, typer.Argument(help="See 'unspool recipes'.")],
    out: Annotated[
        Path | None, typer.Option(help="The folder to write. Default: runs/RECIPE, with --data runs/RECIPE-FILE.")
    ] = None,
    max_minutes: Annotated[
        float | None,
        typer.Option(help="Minutes of training in total; a larger number than before continues the training."),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Your own data file, if the recipe takes one.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Its columns, if the recipe takes any: 'source=2,target=1'.")
    ] = None,
    language_file: Annotated[
        Path | None, typer.Option(help="For g2p: words of a language, each with a tab and its sounds.")
    ] = None,
) -> None:
    """Run a task from start to end; run it again to continue, or to show the finished result."""
    from unspool.recipes.registry import finished, recipe_of

    if language_file is not None:
        data = _only(recipe, data, language_file)

    folder = out or Path("runs") / (f"{recipe}-{data.stem}" if data else recipe)
    if result := finished(recipe, folder, data, max_minutes):
        write(result)
        return
    from unspool.cli.recipe_screen import RecipeScreen
    from unspool.training.interruption import Interrupted

    task = recipe_of(recipe, data, columns)
    try:
        result = task(folder, max_minutes, RecipeScreen())
    except Interrupted as stopped:
        own = f" --data {quote(str(data))}" if data else ""
        own += f" --columns {quote(columns)}" if columns else ""
        raise Stopped(stopped.what, f"Continue with: unspool run {recipe} --out {quote(str(folder))}{own}") from None
    write(result)


def _only(recipe: str, data: Path | None, language_file: Path) -> Path:
    """The file of a language, which is the data of g2p."""
    if recipe != "g2p":
        raise Mistake(f"--language-file is for g2p, not for {recipe}.", "Give the data of other recipes with --data.")
    if data is not None:
        raise Mistake("--language-file cannot be combined with --data.", "Give one or the other.")
    return language_file
