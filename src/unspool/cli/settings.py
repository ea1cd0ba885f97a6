"""`unspool settings`: every setting with its type, its default and a sentence."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unspool.cli.train import model_names
from unspool.screens.console import say

if TYPE_CHECKING:
    from unspool.config.listing import Setting

# Columns of a line that is not shown on a terminal.
WIDTH = 160
MARK = " *"


def settings(
    model: Annotated[
        str, typer.Argument(autocompletion=model_names, help="The name of a model; see 'unspool models'.")
    ] = "luong",
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array with an object for each setting.")] = False,
) -> None:
    """List every setting of a run with its default, its values and what it does.

    Give one with --set KEY=VALUE, or in a file with --config.
    """
    from unspool.config import resolve
    from unspool.config.listing import settings_of
    from unspool.models.registry import entry_of
    from unspool.setup.defaults import chosen_from_data

    listed = settings_of(model)
    chosen = chosen_from_data(resolve({"model": model}).model, entry_of(model).task)
    if as_json:
        values = [asdict(setting) | {"chosen": setting.key in chosen} for setting in listed]
        print(json.dumps(values, ensure_ascii=False, indent=1))
        return
    _print_table(listed, chosen)
    say(f"{MARK.strip()} is chosen for the data and the minutes, unless it is set; run.json has the value.")
    say("Every model understands model.size, the width of all its layers. Another model: unspool settings NAME")


def _print_table(listed: list[Setting], chosen: set[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("setting", "default", "values", "what it is", box=box.SIMPLE_HEAD, pad_edge=False)
    for setting in listed:
        default = shown(setting.default) + (MARK if setting.key in chosen else "")
        table.add_row(*map(Text, (setting.key, default, setting.type, setting.description)))
    width = None if sys.stdout.isatty() else WIDTH
    Console(width=width, highlight=False).print(table)


def shown(value: Any) -> str:
    """A default as it is written in `--set`; a dash if nothing is set.

    >>> shown(None), shown(True), shown(0.001), shown("auto")
    ('–', 'true', '0.001', 'auto')
    """
    match value:
        case None:
            return "–"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
    return str(value)
