"""The options that tell how a table is read, the same ones for every command."""

from __future__ import annotations

from typing import Annotated

import typer

Columns = Annotated[
    str | None, typer.Option(help="Columns, by name or number: 'source=2,target=1'. Default: those of the training.")
]
Header = Annotated[
    str | None,
    typer.Option(metavar="auto|yes|no", help="Whether the first row names the columns. Default: of a CSV it does."),
]
Delimiter = Annotated[
    str | None, typer.Option(help="Between cells: one character, or tab, comma, semicolon. Default: by the ending.")
]
Encoding = Annotated[str | None, typer.Option(help="Of the data, such as cp949 or utf-16. Default: utf-8.")]
