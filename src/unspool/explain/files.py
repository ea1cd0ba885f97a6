"""Answers and their attention as a file: a page, a picture or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspool.answers.answer import Prediction, messages_of
from unspool.errors import Mistake
from unspool.explain.json_file import write_json
from unspool.fields.ink import InkField
from unspool.predictor import Predictor

ENDINGS = (".html", ".png", ".json")


def check_ending(out: Path) -> None:
    """Refuse a file that no explanation can be written as, before time is spent."""
    if out.suffix not in ENDINGS:
        what = f"An explanation cannot be written as '{out.suffix}'."
        raise Mistake(what, "Give the name of a .html, .png or .json file.")


def write_explanation(predictions: Sequence[Prediction], out: Path, predictor: Predictor) -> list[str]:
    """Write answers as the file's ending says; returns messages about the file and how sources were read.

    predictor: the one that answered
    """
    check_ending(out)
    if not any(prediction.hypotheses for prediction in predictions):
        raise Mistake("There is nothing to explain: the input is empty.", "Give a text of at least one symbol.")
    messages = []
    if out.suffix == ".json":
        write_json(out, (prediction.to_json() for prediction in predictions))
    elif out.suffix == ".png":
        messages = _picture(predictions, out, draws=predictor.fields.target.kind == InkField.kind)
    elif predictions[0].sentences is not None:
        from unspool.explain.documents import write_documents

        write_documents(predictions, out, predictor.fields.source.separator)
    else:
        from unspool.explain.attention_page import write_attention_page

        write_attention_page(predictions, out)
    return messages + messages_of((prediction.notes for prediction in predictions), predictor.limit)


def _picture(predictions: Sequence[Prediction], out: Path, *, draws: bool) -> list[str]:
    if len(predictions) != 1 or predictions[0].sentences is not None:
        raise Mistake("A .png can show only one source, and no document.", "Give the name of a .html file.")
    if draws:
        from unspool.explain.window import window_of

        return window_of(predictions[0], out)
    from unspool.explain.attention import heat_map

    return heat_map(predictions[0], out)
