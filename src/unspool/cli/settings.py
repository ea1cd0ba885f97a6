"""`unspool settings`: every setting with its type, its default and a sentence."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unspool.screens.console import say

if TYPE_CHECKING:
    from unspool.config.listing import Setting

# Columns of a line that is not shown on a terminal.
WIDTH = 160
CHOSEN = "chosen"


def settings(
    model: Annotated[str, typer.Argument(help="The name of a model; see 'unspool models'.")] = "luong",
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array with an object for each setting.")] = False,
) -> None:
    """List every setting of a run with its default, its values and what it does.

    Give one with --set KEY=VALUE, or in a file with --config.
    """
    from unspool.config.listing import settings_of

    listed = settings_of(model)
    if as_json:
        print(json.dumps([asdict(setting) for setting in listed], ensure_ascii=False, indent=1))
        return
    _print_table(listed)
    say(f"'{CHOSEN}': for the data and the minutes given, unless it is set; run.json keeps the value.")
    say("Every model understands model.size, the width of all its layers. Another model: unspool settings NAME")


def _print_table(listed: list[Setting]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("setting", "default", "values", "what it is", box=box.SIMPLE_HEAD, pad_edge=False)
    for setting in listed:
        default = CHOSEN if setting.chosen else shown(setting.default)
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
