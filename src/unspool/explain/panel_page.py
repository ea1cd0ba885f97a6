"""Heat maps as one page that needs nothing else: it moves by pointer and keyboard, and speaks two languages."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from unspool.explain.panels import HeatMap, PanelRow, Section, Texts
from unspool.explain.pictures import labels
from unspool.report.bilingual_page import LANGUAGES, write_bilingual_page
from unspool.report.tables import TextTable, shown
from unspool.types import Array

# The largest number of 16 bits.
MOST = 2**15 - 1
# Of a row of weights, so many of the largest are in its line of the table.
LARGEST = 3
CLOSED, OPEN = 0.1, 0.9

_STYLE = """
:root { --above: #0b5394; --below: #b5460f }
@media (prefers-color-scheme: dark) { :root { --above: #8ec3f5; --below: #ffb07c } }
.beside { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem }
figure { margin: .4rem 0; max-width: 100% }
figcaption { color: var(--faint); font-size: .92rem }
h2 { overflow-wrap: anywhere }
h3 { font-size: 1rem; margin: 1.6rem 0 .2rem }
canvas { display: block; cursor: crosshair }
canvas:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px }
output { display: block; min-height: 1.6em; font-size: .92rem; font-variant-numeric: tabular-nums }
"""
_WORDS: dict[str, Texts] = {
    "unit": {"en": "unit {}", "ko": "유닛 {}"},
    "how": {
        "en": "Point at a colour for its number, or reach a map with Tab and move with the arrow keys.",
        "ko": "색을 가리키면 수가 나타납니다. Tab으로 그림에 들어가 화살표로 움직일 수도 있습니다.",
    },
    "map": {
        "en": "{}: {} rows, {} columns; move with the arrow keys",
        "ko": "{}: 행 {}개, 열 {}개. 화살표로 움직입니다",
    },
    "kind": {"en": "heat map", "ko": "열지도"},
    "table": {"en": "As a table", "ko": "표로 보기"},
    "largest": {"en": "largest weights", "ko": "가장 큰 가중치"},
    "row": {"en": "row", "ko": "행"},
    "symbol": {"en": "symbol", "ko": "기호"},
    "size": {"en": "mean size", "ko": "평균 크기"},
    "closed": {"en": "units below 0.1", "ko": "0.1 미만인 유닛"},
    "open": {"en": "units above 0.9", "ko": "0.9 초과인 유닛"},
    "script": {
        "en": "The maps are drawn by a script, which is turned off; the tables below them have the main numbers.",
        "ko": "그림은 스크립트로 그리는데 꺼져 있습니다. 아래 표에 주요 수가 있습니다.",
    },
}  # fmt: skip


def write_panel_page(out: Path, title: Texts, sections: Sequence[Section]) -> None:
    """Write the page, whole or not at all."""
    maps = [_data(one, len(row.maps)) for section in sections for row in section.rows for one in row.maps]
    bodies = {language: _body(sections, language) for language in LANGUAGES}
    data = json.dumps(maps, ensure_ascii=False).replace("<", "\\u003c")
    page_parts = [part for section in sections for part in section.page_parts]
    styles = dict.fromkeys([_STYLE, *(part.style for part in page_parts)])
    scripts = dict.fromkeys([script_of("heat_maps"), *(part.script for part in page_parts if part.script)])
    after = f'<script type="application/json" id="maps">{data}</script>\n' + "".join(
        f'<script type="module">\n{script}</script>\n' for script in scripts
    )
    write_bilingual_page(out, title, bodies, style="".join(styles), after=after)


def script_of(name: str) -> str:
    """One of the scripts beside this file."""
    return (files("unspool.explain") / f"{name}.js").read_text(encoding="utf-8")


def _data(one: HeatMap, beside: int) -> dict[str, Any]:
    """What the script needs; numbers as 16 bits in base64, in shares of the largest."""
    scale = float(np.abs(one.values).max(initial=0.0)) or 1.0
    numbers = np.round(one.values / scale * MOST).astype("<i2")
    return {
        "rows": labels(one.rows), "columns": labels(one.columns), "height": len(one.values), "limit": one.limit,
        "by_row": one.by_row, "split": one.split, "beside": beside, "scale": scale,
        "numbered": one.numbered,
        "data": base64.b64encode(numbers.tobytes()).decode(),
    }  # fmt: skip


def _body(sections: Sequence[Section], language: str) -> str:
    number, parts = 0, [f"<noscript><p>{_WORDS['script'][language]}</p></noscript>"]
    for section in sections:
        how = f"{section.key[language]} {_WORDS['how'][language] if section.rows else ''}".strip()
        parts += [f"<h2>{shown(section.title)}</h2>", f'<p class="note">{shown(how)}</p>']
        for row in section.rows:
            parts.append(_row(row, number, language))
            number += len(row.maps)
        parts += [part.html[language] for part in section.page_parts]
    return "\n".join(parts)


def _row(row: PanelRow, number: int, language: str) -> str:
    figures = [_figure(one, number + place, row, language) for place, one in enumerate(row.maps)]
    return f'<h3>{shown(row.title[language])}</h3>\n<div class="beside">{"".join(figures)}</div>'


def _figure(one: HeatMap, number: int, row: PanelRow, language: str) -> str:
    words = {name: texts[language] for name, texts in _WORDS.items()}
    name = words["map"].format(f"{row.title[language]}, {one.title[language]}", *one.values.shape)
    table = _units(one, words) if one.of_units else _weights(one, words)
    folded = f"<details><summary>{words['table']}</summary>{table.to_html()}</details>" if one.table else ""
    return (
        f'<figure data-map="{number}"><figcaption>{shown(one.title[language])}</figcaption>'
        f'<div class="wide"><canvas tabindex="0" role="application" aria-roledescription="{words["kind"]}" '
        f'aria-label="{shown(name)}" data-unit="{words["unit"]}"></canvas></div><output aria-live="polite"></output>'
        f"{folded}</figure>\n"
    )


def _weights(one: HeatMap, words: dict[str, str]) -> TextTable:
    """The largest of each row, by their size."""
    columns = labels(one.columns)
    rows = [
        [name, ", ".join(f"{columns[place]} {weights[place]:.2f}" for place in _largest(weights))]
        for name, weights in zip(labels(one.rows), one.values, strict=True)
    ]
    return TextTable(words["largest"], [words["row"], words["largest"]], rows, numbers=False)


def _largest(weights: Array) -> list[int]:
    found: list[int] = np.argsort(-np.abs(weights), kind="stable")[:LARGEST].tolist()
    return found


def _units(one: HeatMap, words: dict[str, str]) -> TextTable:
    """Of each step: how large its numbers are, and how many are near their ends."""
    sizes = np.abs(one.values)
    shares = sizes.mean(0), (sizes < CLOSED).mean(0), (sizes > OPEN).mean(0)
    rows = [
        [name, f"{size:.2f}", f"{closed:.0%}", f"{opened:.0%}"]
        for name, size, closed, opened in zip(labels(one.columns), *shares, strict=True)
    ]
    return TextTable(words["table"], [words[name] for name in ("symbol", "size", "closed", "open")], rows)
