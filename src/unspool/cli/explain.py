"""`unspool explain`: the attention weights of answers, as a page, a picture or JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspool.errors import Mistake
from unspool.screens.console import say

if TYPE_CHECKING:
    from unspool.answers import Prediction
    from unspool.model import Model


def explain(
    model: Annotated[Path, typer.Argument(help="A trained folder.")],
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Texts, one document or source each.")],
    out: Annotated[Path, typer.Option(help="The file to write: .html, .png (only one input) or .json.")],
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Answer each input, and write the attention weights of the answers to a file."""
    if out.suffix not in (".html", ".png", ".json"):
        raise Mistake(f"An explanation cannot be written as '{out.suffix}'.", "Give --out a .html, .png or .json file.")
    from unspool.answers import messages_of
    from unspool.model import load

    trained = load(model, device)
    predictions = trained.predict(inputs)
    notes = messages_of((prediction.notes for prediction in predictions), trained.config.data.max_source)
    for message in [*_write(trained, predictions, out), *notes]:
        say(message)
    say(f"Written to {out}.")
    for prediction in predictions:
        print(prediction.text)


def _write(trained: Model, predictions: list[Prediction], out: Path) -> list[str]:
    """Write the file; returns messages for the user."""
    if out.suffix == ".json":
        lines = [json.dumps(prediction.to_json(), ensure_ascii=False) for prediction in predictions]
        out.write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8")
    elif out.suffix == ".png":
        return _picture(predictions, out)
    elif predictions[0].sentences is not None:
        from unspool.explain.documents import write_documents

        write_documents(predictions, out, trained.fields.source.separator)
    else:
        from unspool.explain.tables import write_tables

        write_tables(predictions, out)
    return []


def _picture(predictions: list[Prediction], out: Path) -> list[str]:
    if len(predictions) != 1 or predictions[0].sentences is not None:
        raise Mistake("A .png can show only one source, and no document.", "Give --out a .html file.")
    from unspool.explain.attention import heat_map

    return heat_map(predictions[0], out)
