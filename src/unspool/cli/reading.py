"""The options that name data and tell how it is read, the same ones for every command."""

from __future__ import annotations

from pathlib import Path
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
TrainingColumns = Annotated[
    str | None, typer.Option(help="Columns and tokenizers: 'source=1:chars+2:tags,target=3:chars'.")
]
Source = Annotated[Path | None, typer.Option(help="Parallel text: the file of sources.")]
Target = Annotated[Path | None, typer.Option(help="Parallel text: the file of targets.")]
ValidSource = Annotated[Path | None, typer.Option(help="Parallel text for validation: sources.")]
ValidTarget = Annotated[Path | None, typer.Option(help="Parallel text for validation: targets.")]
