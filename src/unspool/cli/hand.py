"""`unspool hand`: a page on which a person copies lines, for a writer of their own hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unspool.errors import Mistake
from unspool.screens.console import say, write


def hand(
    page: Annotated[Path, typer.Argument(help="The .html file to write.")] = Path("hand.html"),
    language: Annotated[str, typer.Option(help="Of the lines to copy: en or ko.")] = "en",
    lines: Annotated[Path | None, typer.Option(help="A text file with your own lines to copy.")] = None,
) -> None:
    """Write a page on which you copy lines in your own hand; it works offline, with pen, finger or mouse.

    The page saves hand.json, which 'unspool train' takes as it is.
    """
    from unspool.data.files import read_lines
    from unspool.ink import hand_page
    from unspool.storage.atomic import replace

    if page.suffix.lower() not in (".html", ".htm"):
        raise Mistake(f"The page is HTML, and {page} does not end in .html.", "Example: unspool hand hand.html")
    wanted = list(read_lines(lines)) if lines else hand_page.known_lines(language)
    replace(page, hand_page.page(wanted))
    say("Open this page in a browser, copy the lines, and save hand.json:")
    write(str(page))
    say(f"Next: {hand_page.training(wanted)}")
