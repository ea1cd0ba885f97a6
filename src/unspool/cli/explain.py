"""`unspool explain`: the attention weights of answers, as a page, a picture or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unspool.screens.console import say, write


def explain(
    model: Annotated[Path, typer.Argument(help="A trained folder.")],
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Texts, one document or source each.")],
    out: Annotated[Path, typer.Option(help="The file to write: .html, .png (only one input) or .json.")],
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Answer each input, and write the attention weights of the answers to a file."""
    from unspool.explain.files import check_ending, write_explanation
    from unspool.model import load

    check_ending(out)
    trained = load(model, device)
    predictions = trained.predict(inputs, lexicon=False)  # a lexicon has no attention
    for message in write_explanation(predictions, out, trained.predictor):
        say(message)
    say(f"Written to {out}.")
    for prediction in predictions:
        write(prediction.text)
