"""The influence of each symbol that was read on each that was written, as a page, a picture or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unspool.errors import Mistake
from unspool.explain.captions import INFLUENCE, language_of
from unspool.explain.forced_answer import forced_answer, known_answer, target_tokens
from unspool.explain.influence import Method, influence_of
from unspool.explain.json_file import write_json
from unspool.explain.panel_page import write_panel_page
from unspool.explain.panel_picture import panel_picture
from unspool.explain.panels import HeatMap, PanelRow, Section, Texts
from unspool.explain.scaled_network import Influence
from unspool.fields.field import Raw
from unspool.predictor import Predictor
from unspool.types import Array

TITLE: Texts = {language: words.title for language, words in INFLUENCE.items()}


@dataclass(frozen=True, slots=True)
class ExplainedAnswer:
    """One answer and what it depends on.

    instead: what the last symbol of the answer is compared with, if it is; then there is one row, for that symbol
    """

    source: str
    source_tokens: list[str]
    text: str
    tokens: list[str]
    influence: Influence
    method: Method
    instead: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is written to a file: weights in nats, a row for each written symbol."""
        read, written = (side.round(4).tolist() for side in self.influence)
        compared = {} if self.instead is None else {"instead": self.instead}
        return {
            "source": self.source, "source_tokens": self.source_tokens, "text": self.text, "tokens": self.tokens,
            **compared, "method": self.method, "read": read, "written": written,
        }  # fmt: skip

    @property
    def rows(self) -> list[str]:
        """The names of the rows."""
        if self.instead is not None:
            return [f"{self.tokens[-1]}/{self.instead}"]
        return self.tokens


def explain_answer(
    predictor: Predictor, source: Raw, answer: str | None, method: Method, instead: str | None = None
) -> ExplainedAnswer:
    """Explain the model's own answer to a source, or another one.

    instead: explain why the answer was written and not this one, at the first symbol that differs
    """
    forced = forced_answer(predictor, source, answer)
    explained, tokens, other = forced.explained, forced.tokens, None
    if instead is not None:
        read, items = predictor.encode_pair(source, known_answer(predictor, instead))
        place = _first_difference(explained.answer, items)
        other, tokens = target_tokens(predictor, items, read)[place], tokens[: place + 1]
        compared = np.concatenate([explained.answer[:place], items[place : place + 1]])
        explained = explained._replace(answer=explained.answer[: place + 1], instead=compared)
    influence = influence_of(forced.model, explained, method)
    if other is not None:
        influence = Influence(*(side[-1:] for side in influence))
    return ExplainedAnswer(forced.source, forced.source_tokens, forced.text, tokens, influence, method, other)


def write_influence(answers: Sequence[ExplainedAnswer], out: Path) -> list[str]:
    """Write a .html, .json, or .png of one answer; returns messages."""
    if out.suffix == ".json":
        write_json(out, (answer.to_json() for answer in answers))
        return []
    if out.suffix == ".png":
        if len(answers) != 1:
            raise Mistake("A .png can show only one source.", "Give the name of a .html file.")
        section = influence_section(answers[0])
        return panel_picture(section.rows, section.title, language_of([answers[0].source, answers[0].text]), out)
    write_panel_page(out, TITLE, [influence_section(one) for one in answers])
    return []


def influence_section(answer: ExplainedAnswer) -> Section:
    """A row for each written symbol; a line between what was read and what was written before."""
    weights, columns = _side_by_side(answer)
    signed = answer.method != "gradient"
    key = {
        language: " ".join([words.methods[answer.method], *[words.signs] * signed, words.key])
        for language, words in INFLUENCE.items()
    }
    sides = {language: f"{words.read} | {words.written}" for language, words in INFLUENCE.items()}
    one = HeatMap(sides, answer.rows, columns, weights, signed=signed, by_row=True, split=len(answer.source_tokens))
    return Section(f"{answer.source} → {answer.text}", key, [PanelRow(TITLE, [one])])


def _side_by_side(answer: ExplainedAnswer) -> tuple[Array, list[str]]:
    """Weights `[T, S + T - 1]` with the names of the columns: the last symbol is read by nothing."""
    read, written = answer.influence
    before = answer.tokens[:-1] if written.shape[1] > 1 else []
    return np.concatenate([read, written[:, : len(before)]], axis=1), [*answer.source_tokens, *before]


def _first_difference(written: Any, other: Any) -> int:
    for place, (one, two) in enumerate(zip(written, other, strict=False)):
        if not np.array_equal(one, two):
            return place
    raise Mistake("Both answers are the same.", "Give --instead a text that the model does not write.")
