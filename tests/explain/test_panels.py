"""Heat maps as pages and pictures: on every model of the registry, and on a source of 200 symbols."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explained import forced
from unspool.errors import Mistake
from unspool.explain.attention_maps import attention_maps
from unspool.explain.cell_traces import cell_traces
from unspool.explain.panel_page import MOST, write_panel_page
from unspool.explain.panel_picture import panel_picture
from unspool.explain.panel_sections import cells_section, heads_section
from unspool.explain.panel_words import TITLES
from unspool.explain.panels import HeatMap, PanelRow, Section, attention_limit
from unspool.explain.pictures import shortened
from worlds import PLAIN, World, on

EACH = {world.model: world for world in reversed(PLAIN)}
LONG = 200


def maps_of(page: str) -> list[dict[str, Any]]:
    """The numbers that a page draws."""
    found: list[dict[str, Any]] = json.loads(re.search(r'id="maps">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    return found


@on(EACH.values())
def test_every_model_is_shown_on_a_source_of_200_symbols(world: World, tmp_path: Path) -> None:
    given, sections = forced(world, LONG, LONG // 4), []
    for build in (
        lambda: heads_section("heads", attention_maps(given)),
        lambda: cells_section("gates", cell_traces(given), "gates"),
        lambda: cells_section("states", cell_traces(given), "states"),
    ):
        try:
            sections.append(build())
        except Mistake as mistake:
            assert "no attention" in mistake.what or "no recurrent" in mistake.what
    assert sections
    write_panel_page(tmp_path / "page.html", TITLES["states"], sections)
    maps = maps_of((tmp_path / "page.html").read_text(encoding="utf-8"))
    shown = [one for section in sections for row in section.rows for one in row.maps]
    assert len(maps) == len(shown) and max(len(one["columns"]) for one in maps) >= LONG // 4
    for drawn, one in zip(maps, shown, strict=True):
        numbers = np.frombuffer(base64.b64decode(drawn["data"]), "<i2") / MOST * drawn["scale"]
        assert np.allclose(numbers.reshape(one.values.shape), one.values, atol=1e-3 * drawn["scale"])


def test_a_page_has_both_languages_and_no_name_becomes_markup(tmp_path: Path) -> None:
    nasty = "</script><script>alert(1)</script>"
    one = HeatMap({"en": "weight", "ko": "가중치"}, [nasty, "b"], ["x", nasty], np.array([[0.25, 0.75], [1.0, 0.0]]))
    row = PanelRow({"en": "Layer", "ko": "층"}, [one])
    section = Section(nasty, {"en": "Key", "ko": "설명"}, [row])
    out = tmp_path / "page.html"
    write_panel_page(out, {"en": "Title", "ko": "제목"}, [section])
    page = out.read_text(encoding="utf-8")
    assert nasty not in page and page.count("</script>") == 2
    assert page.count('<canvas tabindex="0"') == 2 == page.count('<output aria-live="polite">')
    assert maps_of(page)[0]["rows"][0] == nasty
    assert "As a table" in page and "표로 보기" in page and "0.75" in page
    assert "http" not in page, "nothing is fetched"


def test_a_picture_is_no_larger_than_can_be_opened(tmp_path: Path) -> None:
    world = World("transformer", "default", {"encoder_layers": 1, "decoder_layers": 1})
    for name, long in (("short", 4), ("long", LONG)):
        section = heads_section(name, attention_maps(forced(world, long, long)))
        panel_picture(section.rows, "가 → 나", "ko", tmp_path / f"{name}.png")
        width, height = np.frombuffer((tmp_path / f"{name}.png").read_bytes()[16:24], ">u4")
        assert 300 < width < 12_000 and 300 < height < 12_000


def test_each_row_has_its_own_shade_where_it_should() -> None:
    title = {"en": "", "ko": ""}
    values = np.array([[1.0, -4.0], [0.0, 0.0], [0.1, 0.05]])
    assert HeatMap(title, list("abc"), list("xy"), values, signed=True, by_row=True).shades.tolist() == [
        [0.25, -1.0], [0.0, 0.0], [1.0, 0.5],
    ]  # fmt: skip
    assert HeatMap(title, list("abc"), list("xy"), values, limit=2.0).shades.tolist()[0] == [0.5, -1.0]


def test_cells_without_gates_are_refused() -> None:
    plain = World("sutskever", "rnn", {"encoder_cell": "rnn", "decoder_cell": "rnn_sigmoid"})
    with pytest.raises(Mistake, match="no gates"):
        cells_section("", cell_traces(forced(plain)), "gates")


def test_small_weights_are_seen() -> None:
    assert attention_limit(np.array([[0.5, 0.5]])) == 1.0 == attention_limit(np.zeros((1, 3)))
    assert attention_limit(np.array([[0.1, 0.05]])) == 0.1


@pytest.mark.parametrize("length", [5, 24, 25, 400])
def test_a_title_fits_and_keeps_its_end(length: int) -> None:
    title = "a" * (length - 1) + "z"
    short = shortened(title, 4.0)
    assert len(short) <= 24 and short.endswith("z") and (short == title) == (length <= 24)
