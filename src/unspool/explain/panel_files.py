"""What happens inside a network as a file: attention of every head, gates, or states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from unspool.errors import Mistake
from unspool.explain.attention_maps import attention_maps
from unspool.explain.captions import language_of
from unspool.explain.cell_traces import cell_traces
from unspool.explain.forced_answer import ForcedAnswer, forced_answer, network_of
from unspool.explain.json_file import write_json
from unspool.explain.panel_page import write_panel_page
from unspool.explain.panel_picture import panel_picture
from unspool.explain.panel_sections import cells_section, heads_section, title_of
from unspool.explain.panel_words import TITLES
from unspool.explain.panels import Section
from unspool.fields.field import Raw
from unspool.predictor import Predictor

Inside: TypeAlias = Literal["heads", "gates", "states"]


class InsideAnswer(NamedTuple):
    """One source with its answer, and what happened: to be seen, and as JSON."""

    text: str
    section: Section
    numbers: dict[str, Any]


def look_inside(predictor: Predictor, source: Raw, what: Inside, answer: str | None = None) -> InsideAnswer:
    """While a network reads a source and writes its own answer, or another one."""
    network_of(predictor, _WANTED[what])
    forced = forced_answer(predictor, source, answer)
    section, numbers = _WHAT[what](forced)
    known = {"source": forced.source, "source_tokens": forced.source_tokens, "text": forced.text}
    return InsideAnswer(forced.text, section, known | {"tokens": forced.tokens, what: numbers})


def write_inside(answers: Sequence[InsideAnswer], what: Inside, out: Path) -> list[str]:
    """Write a .html, .json, or .png of one answer; returns messages."""
    sections = [answer.section for answer in answers]
    if out.suffix == ".json":
        write_json(out, (answer.numbers for answer in answers))
        return []
    if out.suffix == ".png":
        if len(sections) != 1:
            raise Mistake("A .png can show only one source.", "Give the name of a .html file.")
        title = sections[0].title
        return panel_picture(sections[0].rows, title, language_of([title]), out)
    write_panel_page(out, TITLES[what], sections)
    return []


def _heads(forced: ForcedAnswer) -> tuple[Section, list[dict[str, Any]]]:
    maps = attention_maps(forced)
    return heads_section(title_of(forced), maps), [one.to_json() for one in maps]


def _gates(forced: ForcedAnswer) -> tuple[Section, list[dict[str, Any]]]:
    traces = cell_traces(forced)
    section = cells_section(title_of(forced), traces, "gates")
    return section, [one.to_json("gates") for one in traces if one.gates]


def _states(forced: ForcedAnswer) -> tuple[Section, list[dict[str, Any]]]:
    traces = cell_traces(forced)
    return cells_section(title_of(forced), traces, "states"), [one.to_json("states") for one in traces]


_WANTED: dict[Inside, str] = {
    "heads": "The attention of every layer and head is seen",
    "gates": "Gates are seen",
    "states": "Hidden states are seen",
}
_WHAT: dict[Inside, Callable[[ForcedAnswer], tuple[Section, list[dict[str, Any]]]]] = {
    "heads": _heads,
    "gates": _gates,
    "states": _states,
}
