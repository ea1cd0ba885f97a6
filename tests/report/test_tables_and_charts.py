"""Tables and charts hold text as text, in every form, and are well-formed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest

from unspool.report.bilingual_page import write_bilingual_page
from unspool.report.line_chart import HEIGHT, LINE, ChartLine, line_chart
from unspool.report.tables import TextTable, latex, shown

NASTY = '<script>alert("1")</script> & | \u202e % _ \x1b[31m'
TABLE = TextTable(f"about {NASTY}", ["name", "value"], [[NASTY, "1"], ["b", "2"]])


def test_html_shows_markup_and_control_characters_as_text() -> None:
    page = TABLE.to_html()
    ElementTree.fromstring(page)
    assert "<script" not in page and "\u202e" not in page and "\x1b" not in page
    assert "&lt;U+202E&gt;" in page
    assert page.count('scope="row"') == 2 and page.count('scope="col"') == 2 and 'tabindex="0"' in page


def test_markdown_and_latex_keep_their_columns() -> None:
    lines = TABLE.to_markdown().splitlines()
    assert [line.replace("\\|", "").count("|") for line in lines[2:]] == [3, 3, 3, 3]
    assert r"\% \_" in TABLE.to_latex() and TABLE.to_latex().count(r"\\") == 3
    assert latex("50 % of $x_1$") == r"50 \% of \$x\_1\$"


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [1e-9, 2e-9], [-5.0, 100.0], [99.0, 99.5, 1e6]])
def test_a_chart_is_well_formed_and_within_its_frame(values: list[float]) -> None:
    lines = [ChartLine(f"line {NASTY}", list(enumerate(values)), 1), ChartLine("none", [], 2)]
    chart = line_chart(lines, "title <b>", "x", "y", "one")
    root = ElementTree.fromstring(chart)
    assert root.attrib["role"] == "img" and root.attrib["aria-labelledby"] == root[0].attrib["id"] == "chart-one"
    points = " ".join(line.attrib["points"] for line in root.iter("polyline")).split()
    assert len(points) == len(values)
    assert all(0 <= float(x) <= 720 and 0 <= float(y) <= 320 for x, y in (point.split(",") for point in points))


def test_no_lines_make_no_chart() -> None:
    assert line_chart([ChartLine("none", [], 0)], "t", "x", "y", "n") == ""


def test_a_page_has_both_languages_and_asks_no_other_host(tmp_path: Path) -> None:
    write_bilingual_page(tmp_path / "p.html", {"en": "A < B", "ko": "가"}, {"en": "<p>one</p>", "ko": "<p>하나</p>"})
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert page.index('id="ko"') < page.index('id="en"'), "a style hides only what comes after the target"
    assert "A &lt; B" in page and "http" not in page and "<script" not in page
    assert 'href="#ko" lang="ko"' in page and 'href="#en" lang="en"' in page
    assert "prefers-color-scheme: dark" in page and shown("<") == "&lt;"


def test_names_of_lines_that_end_together_stay_apart_and_inside_the_picture() -> None:
    lines = [ChartLine(f"line {number}", [(0, 1.0), (1, 0.0)], number) for number in range(6)]
    chart = line_chart(lines, "title", "x", "y", "1")
    heights = [float(height) for height in re.findall(r'y="([\d.]+)">line', chart)]
    assert len(heights) == 6 and max(heights) <= HEIGHT
    assert all(below - above >= LINE for above, below in pairwise(heights))
