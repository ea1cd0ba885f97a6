"""`unspool push`: a model to the Hugging Face Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unspool.screens.console import say


def push(
    model: Annotated[Path, typer.Argument(help="A trained or exported folder.")],
    name: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The name that it gets on the Hub.")],
    license: Annotated[
        str | None, typer.Option(help="The licence in its card, such as apache-2.0. Default: that of the card.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="If it is not there yet: only its owner sees it.")] = False,
) -> None:
    """Write a model with its card to the Hugging Face Hub, as one commit; it is then hub:OWNER/NAME everywhere.

    Data, checkpoints and logs of training stay here. The token is that of 'hf auth login'.
    """
    from unspool.publishing import push as publish

    published = publish(model, name, licence=license, private=private)
    for message in published.messages:
        say(message)
    print(published.address)
    say(f"{len(published.files)} files. Next: unspool predict hub:{published.name}")
