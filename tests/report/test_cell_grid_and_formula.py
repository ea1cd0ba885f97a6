"""A grid shows every weight in both forms, and a formula is read as it is written."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from unspool.report.cell_grid import CellGrid
from unspool.report.formula import formula_html


def test_a_grid_shows_each_weight_in_its_cell_and_in_its_table() -> None:
    grid = CellGrid(
        "weights", ["a", " "], ["x", "y", "<b>"], [[0.9, 0.1, 0.0], [0.02, 0.5, 0.48]], marked=frozenset({(1, 2)})
    )
    svg = ElementTree.fromstring(grid.to_svg("one"))
    cells = svg.findall("rect")
    assert [float(cell.get("fill-opacity", 0)) for cell in cells] == pytest.approx(
        [0.04 + 0.96 * weight for weight in (0.9, 0.1, 0.0, 0.02, 0.5, 0.48)], abs=1e-3
    )
    assert [cell.get("stroke") is not None for cell in cells] == [False] * 5 + [True]
    texts = [text.text for text in svg.findall("text")]
    assert texts == ["x", "y", "<b>", "a", "90", "10", "␣", "50", "48"], "small weights are not written"
    assert grid.to_table().rows == [["a", "90", "10", "0"], ["␣", "2", "50", "48"]]


def test_negative_weights_have_the_other_colour() -> None:
    svg = CellGrid("states", ["1"], ["h", "e"], [[0.5, -0.5]], scale=None).to_svg("two")
    assert re.findall(r"var\((--c\d)\)", svg) == ["--c0", "--c1"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("h_t", "<i>h</i><sub><i>t</i></sub>"),
        ("x_{t+1}^2", "<i>x</i><sub><i>t</i>+1</sub><sup>2</sup>"),
        ("softmax(V h_t) < 1", "softmax(<i>V</i> <i>h</i><sub><i>t</i></sub>) &lt; 1"),
    ],
)
def test_a_formula_is_read_as_it_is_written(text: str, html: str) -> None:
    assert formula_html(text) == f'<p class="formula">{html}</p>'
