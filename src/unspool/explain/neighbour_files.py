"""Nearest training pairs as a page, a picture or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspool.errors import Mistake
from unspool.explain.captions import language_of
from unspool.explain.json_file import write_json
from unspool.explain.neighbours import NEAREST, AnswerNeighbours, Neighbour
from unspool.explain.panel_page import write_panel_page
from unspool.explain.panel_words import NEIGHBOURS, NEIGHBOURS_KEY, TITLES
from unspool.explain.panels import PagePart, Section
from unspool.explain.pictures import labels, new_figure, save, shortened
from unspool.report.bilingual_page import LANGUAGES
from unspool.report.tables import shown
from unspool.visible import visible

_STYLE = """
.neighbours mark { background: var(--above); color: var(--ground); border-radius: .2rem; padding: 0 .15rem }
.neighbours td { min-width: 12rem }
"""
# A picture has one neighbour a line, and its target is shortened to so many symbols around the marked one.
AROUND, LINE_INCHES, WIDTH_INCHES = 14, 0.3, 11.0


def neighbours_section(found: AnswerNeighbours) -> Section:
    """A table with a row for each symbol."""
    html = {language: _table(found, language) for language in LANGUAGES}
    return Section(f"{found.source} → {found.text}", NEIGHBOURS_KEY, [], [PagePart(html, _STYLE)])


def write_neighbours(found: Sequence[AnswerNeighbours], out: Path) -> list[str]:
    """Write a .html, .json, or .png of one answer; returns messages about fonts."""
    if out.suffix == ".json":
        write_json(out, (one.to_json() for one in found))
    elif out.suffix == ".html":
        write_panel_page(out, TITLES["neighbours"], [neighbours_section(one) for one in found])
    elif len(found) != 1:
        raise Mistake("A .png can show only one source.", "Give the name of a .html file.")
    else:
        return _picture(found[0], out)
    return []


def _table(found: AnswerNeighbours, language: str) -> str:
    nearest = NEIGHBOURS["nearest"][language]
    numbers = "".join(f'<th scope="col">{shown(nearest.format(number))}</th>' for number in range(1, NEAREST + 1))
    rows = "\n".join(
        f'<tr><th scope="row">{shown(token)}</th>{"".join(map(_cell, neighbours))}</tr>'
        for token, neighbours in zip(labels(found.tokens), found.nearest, strict=True)
    )
    name = shown(TITLES["neighbours"][language])
    return (
        f'<div class="wide neighbours" tabindex="0" role="region" aria-label="{name}"><table>'
        f'<thead><tr><th scope="col">{NEIGHBOURS["symbol"][language]}</th>{numbers}</tr></thead>\n<tbody>{rows}</tbody>'
        "</table></div>"
    )


def _cell(one: Neighbour) -> str:
    before, marked, after = _around(one)
    return (
        f"<td><small>{one.similarity:.3f}</small> {shown(one.source)} → "
        f"{shown(before)}<mark>{shown(marked)}</mark>{shown(after)}</td>"
    )


def _around(one: Neighbour) -> tuple[str, str, str]:
    """A target before its marked symbol, that symbol, and what follows; symbols of several letters have spaces."""
    between = " " if any(len(token) > 1 for token in one.tokens[:-1]) else ""
    names = labels(one.tokens)
    before, after = (between.join(part) for part in (names[: one.place], names[one.place + 1 :]))
    return before + between, names[one.place], between + after


def _picture(found: AnswerNeighbours, out: Path) -> list[str]:
    """The nearest one of each symbol."""
    rows = len(found.tokens)
    figure, axes = new_figure((WIDTH_INCHES, min(40.0, LINE_INCHES * rows + 0.9)))
    axes.axis("off")
    axes.set_xlim(0, 1)
    axes.set_ylim(rows, -1)
    title = visible(f"{found.source}  →  {found.text}")
    whole = shortened(f"{TITLES['neighbours'][language_of([title])]}:  {title}", WIDTH_INCHES)
    axes.set_title(whole, fontsize=12, loc="left", parse_math=False)
    for row, (token, neighbours) in enumerate(zip(labels(found.tokens), found.nearest, strict=True)):
        one = neighbours[0]
        before, marked, after = _around(one)
        line = f"{one.source}  →  {before[-AROUND:]}[{marked}]{after[:AROUND]}"
        for place, text in ((0.0, token), (0.08, f"{one.similarity:.3f}"), (0.16, visible(line))):
            axes.text(place, row, text, fontsize=11, va="center", parse_math=False)
    return save(figure, out)
