"""An explanation's page in a real browser, from the disk: by pointer, by keyboard, in both languages and themes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import unspool
from explained import forced
from opened_pages import in_a_browser, opened
from servers import exported
from unspool.explain.attention_maps import attention_maps
from unspool.explain.cell_traces import cell_traces
from unspool.explain.panel_page import write_panel_page
from unspool.explain.panel_sections import cells_section, heads_section
from unspool.explain.panel_words import TITLES
from unspool.explain.search_files import find_answer, search_section
from worlds import World

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page with attention `[3, 200]`, gates of a long source, and a search."""
    out = tmp_path_factory.mktemp("page") / "page.html"
    given = forced(World("luong", "default", {}), 200, 3)
    found = find_answer(unspool.load(exported("luong"), "cpu").predictor, "fade", 3)
    sections = [
        heads_section("heads", attention_maps(given)),
        cells_section("gates", cell_traces(given), "gates"),
        search_section(found),
    ]
    write_panel_page(out, TITLES["heads"], sections)
    return out.as_uri()


def said(page: Any, place: str) -> str:
    text: str = page.locator(place).locator("output").inner_text()
    return text


def test_arrow_keys_move_over_a_map_and_say_its_numbers(browser: Any, written: str) -> None:
    weights = attention_maps(forced(World("luong", "default", {}), 200, 3))[0]
    first = '#en figure[data-map="0"]'
    with opened(browser, written) as page:
        page.focus(f"{first} canvas")
        assert said(page, first) == f"a, A: {weights.weights[0, 0]:.3f}"
        for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        assert said(page, first) == f"b, C: {weights.weights[1, 2]:.3f}"
        for key in ("End", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        assert said(page, first).endswith(f": {weights.weights[2, 199]:.3f}")


def test_a_search_is_walked_from_parent_to_child(browser: Any, written: str) -> None:
    with opened(browser, written) as page:
        page.focus("#en figure.tree svg")
        assert said(page, "#en figure.tree") == "beginning"
        page.keyboard.press("ArrowRight")
        one = said(page, "#en figure.tree")
        assert one.startswith("step 1: ") and "answer 1" in one
        page.keyboard.press("ArrowDown")
        two = said(page, "#en figure.tree")
        assert two.startswith("step 1: ") and two != one
        page.keyboard.press("ArrowLeft")
        assert said(page, "#en figure.tree") == "beginning"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_languages_and_themes_are_drawn(scheme: str, browser: Any, written: str) -> None:
    """A map of the hidden language is drawn when it is seen; its ground is that of the theme."""
    with opened(browser, written, color_scheme=scheme, viewport={"width": 390, "height": 800}) as page:
        page.click("#en nav a")
        canvas = page.locator('#ko figure[data-map="0"] canvas')
        canvas.scroll_into_view_if_needed()
        page.wait_for_function(
            "canvas => canvas.width > 600", arg=canvas.element_handle()
        )  # 200 columns of at least three pixels
        pixels = canvas.evaluate("c => [...c.getContext('2d').getImageData(0, 0, 1, 1).data]")
        assert (np.mean(pixels[:3]) > 128) == (scheme == "light")
        canvas.hover(position={"x": 60, "y": 30})
        assert ":" in said(page, '#ko figure[data-map="0"]')
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), "no page wider than the phone"
