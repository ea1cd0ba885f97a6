"""`unspool describe`: what a table or a trained folder holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def describe(
    thing: Annotated[Path, typer.Argument(help="A table of pairs, or a trained folder.")],
    columns: Annotated[str | None, typer.Option(help="As for train.")] = None,
) -> None:
    """Tell what a table or a trained folder holds, and which settings suggest themselves."""
