"""Attention weights as a table in HTML: source symbols across, output symbols down, darker for larger weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspool.answers import Prediction
from unspool.errors import Mistake
from unspool.explain.captions import Captions, captions_for
from unspool.explain.pictures import labels
from unspool.report.page import shaded, write_page
from unspool.visible import as_html


def write_tables(predictions: Sequence[Prediction], path: Path) -> None:
    """Write one page of the best answers. Raises `Mistake` if the model has no attention."""
    words = captions_for(predictions)
    write_page(path, words.symbols, [_table(one, words) for one in predictions], words.language)


def _table(prediction: Prediction, words: Captions) -> str:
    if not prediction.hypotheses:
        return f"<h2>{words.nothing}</h2>"
    answer = prediction.hypotheses[0]
    if answer.attention is None:
        raise Mistake("This model has no attention to show.", "See 'unspool models' for models with attention.")
    across = "".join(f'<th class="cell">{as_html(symbol)}</th>' for symbol in labels(prediction.source_tokens))
    rows = [
        f"<tr><th>{as_html(symbol)}</th>{''.join(_cell(float(weight)) for weight in weights)}</tr>"
        for symbol, weights in zip(labels([*answer.tokens, "</s>"]), answer.attention, strict=False)
    ]
    heading = f"<h2>{as_html(prediction.source)} → {as_html(answer.text)}</h2>"
    return "\n".join([heading, "<table>", f"<tr><th></th>{across}</tr>", *rows, "</table>"])


def _cell(weight: float) -> str:
    return shaded("td", "cell", f"{weight:.2f}"[1:] if 0.05 <= weight < 0.995 else "", weight, weight, "whole")
