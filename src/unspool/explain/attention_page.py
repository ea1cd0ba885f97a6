"""Attention weights as a page: source symbols across, output symbols down, darker for larger weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspool.answers.answer import Prediction
from unspool.errors import Mistake
from unspool.explain.captions import ENGLISH, KOREAN
from unspool.explain.panel_page import write_panel_page
from unspool.explain.panel_words import HEADS_KEY, KINDS, WEIGHT
from unspool.explain.panels import HeatMap, PanelRow, Section, Texts, attention_limit

TITLE: Texts = {words.language: words.symbols for words in (ENGLISH, KOREAN)}
_NOTHING: Texts = {words.language: words.nothing for words in (ENGLISH, KOREAN)}


def write_attention_page(predictions: Sequence[Prediction], path: Path) -> None:
    """Write one page of the best answers. Raises `Mistake` if the model has no attention."""
    write_panel_page(path, TITLE, [attention_section(one) for one in predictions])


def attention_section(prediction: Prediction) -> Section:
    """The weights of the best answer; nothing of a source without symbols."""
    if not prediction.hypotheses:
        return Section(prediction.source, _NOTHING, [])
    answer = prediction.hypotheses[0]
    if answer.attention is None:
        raise Mistake("This model has no attention to show.", "See 'unspool models' for models with attention.")
    rows = [*answer.tokens, "</s>"][: len(answer.attention)]
    limit = attention_limit(answer.attention)
    weights = HeatMap(WEIGHT, rows, prediction.source_tokens, answer.attention, limit=limit, numbered=True)
    return Section(f"{prediction.source} → {answer.text}", HEADS_KEY, [PanelRow(KINDS["source"], [weights])])
