"""How an answer was found: the probability and entropy of each symbol, and the beam as a tree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from unspool.answers.traces import Trace, TracedToken
from unspool.errors import Mistake
from unspool.explain.json_file import write_json
from unspool.explain.panel_page import script_of, write_panel_page
from unspool.explain.panel_words import SEARCH, SEARCH_KEY, TITLES
from unspool.explain.panels import HeatMap, PagePart, PanelRow, Section
from unspool.explain.pictures import labels, new_figure, readable_on, save, shortened
from unspool.explain.search_svg import STYLE, tree_svg
from unspool.explain.search_tree import TreeNode, tree_of
from unspool.fields.field import Raw
from unspool.predictor import Predictor
from unspool.report.bilingual_page import LANGUAGES
from unspool.report.tables import TextTable
from unspool.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Hypotheses that are kept where nothing is said, and other likely symbols in the table.
BEAM, OTHERS = 5, 4
# Inches of a step and of a row of a tree, and the most of a picture.
ACROSS, DOWN, WHOLE = 0.8, 0.36, 40.0


class FoundAnswer(NamedTuple):
    """A search, and the symbols of its best answer with what was known when each was chosen."""

    trace: Trace
    symbols: list[TracedToken]
    nodes: list[TreeNode]

    @property
    def text(self) -> str:
        """The best answer."""
        return self.trace.hypotheses[0].text

    def to_json(self) -> dict[str, Any]:
        """As it is written to a file; entropies in bits."""
        symbols = [
            {"token": one.token, "probability": round(_share(one), 6), "entropy": round(_bits(one), 6),
             "top": [[other.token, round(other.probability, 6)] for other in one.top]}
            for one in self.symbols
        ]  # fmt: skip
        return self.trace.to_json() | {"text": self.text, "symbols": symbols}


def find_answer(predictor: Predictor, source: Raw, beam: int = BEAM) -> FoundAnswer:
    """Search for the answer to a source. A model of real values, and an empty source, are a `Mistake`."""
    if predictor.stepper.distribution is not None:
        what = "This model writes real values, and a search is over symbols."
        raise Mistake(what, "Look at something else: --what attention, states or gates")
    trace = predictor.trace(source, beam=beam)
    if not trace.hypotheses:
        raise Mistake("There is nothing to explain: the input is empty.", "Give a text of at least one symbol.")
    symbols = [step[place] for step, place in zip(trace.steps, trace.paths[0], strict=False)]
    return FoundAnswer(trace, symbols, tree_of(trace))


def search_section(found: FoundAnswer) -> Section:
    """The symbols as a heat map of two rows and as a table, the tree, and all answers."""
    values = np.array([[_share(one) for one in found.symbols], [_bits(one) for one in found.symbols]])
    words = {language: {name: texts[language] for name, texts in SEARCH.items()} for language in LANGUAGES}
    # The names of rows are numbers' names in both languages, so they are short signs.
    chosen = HeatMap(SEARCH["sure"], ["p", "H"], [one.token for one in found.symbols], values, by_row=True, table=False)
    html = {
        language: f"{_symbols(found, known)}\n{tree_svg(found.nodes, language)}\n{_answers(found, known)}"
        for language, known in words.items()
    }
    part = PagePart(html, STYLE, script_of("search_tree"))
    return Section(f"{found.trace.source} → {found.text}", SEARCH_KEY, [PanelRow(SEARCH["symbols"], [chosen])], [part])


def write_search(found: Sequence[FoundAnswer], out: Path) -> list[str]:
    """A page, JSON, or a picture of one tree; returns messages about fonts."""
    if out.suffix == ".json":
        write_json(out, (one.to_json() for one in found))
        return []
    if out.suffix == ".html":
        write_panel_page(out, TITLES["search"], [search_section(one) for one in found])
        return []
    if len(found) != 1:
        raise Mistake("A .png can show only one source.", "Give the name of a .html file.")
    return _picture(found[0], out)


def _share(one: TracedToken) -> float:
    """The probability that the model gave the symbol; of the search where it is not among the likely ones."""
    return next((other.probability for other in one.top if other.item == one.item), math.exp(min(0.0, one.log_prob)))


def _bits(one: TracedToken) -> float:
    return one.entropy / math.log(2)


def _symbols(found: FoundAnswer, words: dict[str, str]) -> str:
    rows = [
        [*labels([one.token]), f"{_share(one):.1%}", f"{_bits(one):.2f}",
         ", ".join(f"{name} {other.probability:.1%}" for other, name in _others(one))]
        for one in found.symbols
    ]  # fmt: skip
    head = [words[name] for name in ("symbol", "probability", "entropy", "others")]
    return TextTable(words["symbols"], head, rows, numbers=False).to_html()


def _others(one: TracedToken) -> list[tuple[Any, str]]:
    others = [other for other in one.top if other.item != one.item][:OTHERS]
    return list(zip(others, labels(other.token for other in others), strict=True))


def _answers(found: FoundAnswer, words: dict[str, str]) -> str:
    rows = [[str(rank), one.text, f"{one.score:.3f}"] for rank, one in enumerate(found.trace.hypotheses, 1)]
    return TextTable(words["answers"], [words[name] for name in ("rank", "text", "score")], rows).to_html()


def _picture(found: FoundAnswer, out: Path) -> list[str]:
    """The tree: a box for each hypothesis, the darker the more probable its symbol."""
    nodes = found.nodes
    steps, rows = max(node.depth for node in nodes) + 1, max(node.row for node in nodes) + 1
    size = max(4.0, steps * ACROSS), max(1.6, rows * DOWN + 0.8)
    shrunk = min(1.0, WHOLE / max(size))
    figure, axes = new_figure((size[0] * shrunk, size[1] * shrunk))
    title = shortened(visible(f"{found.trace.source}  →  {found.text}"), size[0] * shrunk)
    axes.set_title(title, fontsize=13, parse_math=False, loc="left")
    axes.set_xlim(-0.6, steps - 0.4)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.axis("off")
    for node in nodes[1:]:
        parent, best = nodes[node.parent], node.answer == 1
        axes.plot([parent.depth, node.depth], [parent.row, node.row], color="#0b5394" if best else "#9aa7b3",
                  linewidth=2.5 if best else 1, zorder=1)  # fmt: skip
        _box(axes, node, 10 * max(0.5, shrunk))
    axes.plot([0], [0], marker="o", color="#0b5394")
    return save(figure, out)


def _box(axes: Axes, node: TreeNode, size: float) -> None:
    from matplotlib import colormaps

    (token,) = labels([node.token])
    edge = "#0b5394" if node.finished else "#9aa7b3"
    style = {"boxstyle": "round,pad=0.3", "facecolor": colormaps["Blues"](0.85 * node.share), "edgecolor": edge,
             "linewidth": 2 if node.finished else 1, "linestyle": "--" if node.answer is None else "-"}  # fmt: skip
    axes.text(node.depth, node.row, token, ha="center", va="center", fontsize=size, color=readable_on(node.share),
              bbox=style, parse_math=False)  # fmt: skip
