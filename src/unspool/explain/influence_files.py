"""The influence of each symbol that was read on each that was written, as a page, a picture or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unspool.errors import Mistake
from unspool.explain.captions import INFLUENCE, InfluenceWords, language_of
from unspool.explain.forced_answer import forced_answer, target_tokens
from unspool.explain.influence import Method, influence_of
from unspool.explain.json_file import write_json
from unspool.explain.pictures import labels, new_figure, save, signed_colours
from unspool.explain.scaled_network import Influence
from unspool.fields.field import Raw
from unspool.predictor import Predictor
from unspool.report.page import shaded, write_page
from unspool.types import Array
from unspool.visible import as_html, visible

# A picture is not wider or higher than this many inches, at this many for each symbol.
CELL_INCHES, WIDEST_INCHES = 0.42, 30.0


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
        read, items = predictor.encode_pair(source, instead)
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
        return _picture(answers[0], out)
    language = language_of(text for one in answers for text in (one.source, one.text))
    words = INFLUENCE[language]
    signs = "" if answers[0].method == "gradient" else words.signs
    parts = [f'<p class="key">{as_html(" ".join([words.methods[answers[0].method], signs, words.key]))}</p>']
    write_page(out, words.title, parts + [_part(one, words) for one in answers], language)
    return []


def _part(answer: ExplainedAnswer, words: InfluenceWords) -> str:
    heading = f"<h2>{as_html(answer.source)} → {as_html(answer.text)}</h2>"
    weights, columns = _side_by_side(answer)
    rows, shares = labels(answer.rows), _shares(weights)
    if len(rows) == 1:
        spans = [_cell("span", "item", name, *pair) for name, *pair in zip(columns, weights[0], shares[0], strict=True)]
        return f"{heading}\n<p><b>{as_html(rows[0])}</b>: {' '.join(spans)}</p>"
    read = len(answer.source_tokens)
    sides = f'<th colspan="{read}">{words.read}</th><th colspan="{len(columns) - read}">{words.written}</th>'
    names = "".join(f'<th class="cell">{as_html(name)}</th>' for name in columns)
    body = [
        f"<tr><th>{as_html(row)}</th>{''.join(_cell('td', 'cell', '', *one) for one in zip(*pairs, strict=True))}</tr>"
        for row, *pairs in zip(rows, weights, shares, strict=True)
    ]
    return "\n".join(
        [heading, "<table>", f"<tr><th></th>{sides}</tr>", f"<tr><th></th>{names}</tr>", *body, "</table>"]
    )


def _cell(tag: str, kind: str, text: str, weight: float, share: float) -> str:
    return shaded(tag, kind, text, weight, abs(share), "whole" if share >= 0 else "item")


def _picture(answer: ExplainedAnswer, out: Path) -> list[str]:
    weights, columns = _side_by_side(answer)
    words = INFLUENCE[language_of([answer.source, answer.text])]
    rows = labels(answer.rows)
    figure, axes = new_figure((_inches(len(columns)) + 2.0, _inches(len(rows)) + 1.4))
    image = axes.imshow(_shares(weights), cmap=signed_colours(), vmin=-1, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, parse_math=False)
    axes.set_yticks(range(len(rows)), rows, parse_math=False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=11)
    axes.spines[:].set_visible(False)
    axes.axvline(len(answer.source_tokens) - 0.5, color="#66727e", linewidth=1)
    axes.set_xlabel(visible(f"{answer.source}  →  {answer.text}"), fontsize=12, labelpad=10, parse_math=False)
    figure.colorbar(image, ax=axes, label=words.share, fraction=0.05, pad=0.03)
    return save(figure, out)


def _side_by_side(answer: ExplainedAnswer) -> tuple[Array, list[str]]:
    """Weights `[T, S + T - 1]` with the names of the columns: the last symbol is read by nothing."""
    read, written = answer.influence
    before = answer.tokens[:-1] if written.shape[1] > 1 else []
    return np.concatenate([read, written[:, : len(before)]], axis=1), labels([*answer.source_tokens, *before])


def _shares(weights: Array) -> Array:
    """Each row divided by its largest absolute weight."""
    largest = np.abs(weights).max(axis=1, keepdims=True, initial=0.0)
    shares: Array = weights / np.where(largest > 0, largest, 1.0)
    return shares


def _first_difference(written: Any, other: Any) -> int:
    for place, (one, two) in enumerate(zip(written, other, strict=False)):
        if not np.array_equal(one, two):
            return place
    raise Mistake("Both answers are the same.", "Give --instead a text that the model does not write.")


def _inches(cells: int) -> float:
    return max(1.6, min(WIDEST_INCHES, cells * CELL_INCHES))
