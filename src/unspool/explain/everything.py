"""All that can be seen of one answer, on one page: attention, states, gates, influence, and how it was searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from unspool.errors import Mistake
from unspool.explain.influence import Method
from unspool.explain.influence_files import TITLE as INFLUENCE_TITLE
from unspool.explain.influence_files import explain_answer, influence_section
from unspool.explain.json_file import write_json
from unspool.explain.panel_files import Inside, InsideAnswer, look_inside
from unspool.explain.panel_page import write_panel_page
from unspool.explain.panel_words import TITLES, joined
from unspool.explain.panels import Section, Texts
from unspool.explain.search_files import find_answer, search_section
from unspool.fields.field import Raw
from unspool.predictor import Predictor

INSIDE: tuple[Inside, ...] = ("heads", "states", "gates")


class Everything(NamedTuple):
    """The sections of one answer, and their numbers by the name of the explanation."""

    text: str
    sections: list[Section]
    numbers: dict[str, Any]


def explain_everything(predictor: Predictor, source: Raw, method: Method, beam: int) -> Everything:
    """Whatever this network has; what it lacks, as gates, is left out. An export or an empty source is a `Mistake`."""
    influence = explain_answer(predictor, source, None, method)  # every trained network has it, and refuses the others
    sections = [_named(influence_section(influence), INFLUENCE_TITLE)]
    numbers: dict[str, Any] = {"influence": influence.to_json()}
    for what in INSIDE:
        if found := _if_there_is(predictor, source, what):
            sections.append(_named(found.section, TITLES[what]))
            numbers[what] = found.numbers[what]
    if predictor.stepper.distribution is None:
        searched = find_answer(predictor, source, beam)
        sections.append(_named(search_section(searched), TITLES["search"]))
        numbers["search"] = searched.to_json()
    return Everything(influence.text, sections, numbers)


def write_everything(found: Sequence[Everything], out: Path) -> list[str]:
    """Write a .html or .json; returns messages."""
    if out.suffix == ".json":
        write_json(out, (one.numbers for one in found))
    elif out.suffix == ".html":
        write_panel_page(out, TITLES["all"], [section for one in found for section in one.sections])
    else:
        raise Mistake("A .png cannot show everything.", "Give the name of a .html or .json file.")
    return []


def _named(section: Section, title: Texts) -> Section:
    """With its name before its key, since the sections of a page differ in kind."""
    return replace(section, key=joined([title, section.key], between=". "))


def _if_there_is(predictor: Predictor, source: Raw, what: Inside) -> InsideAnswer | None:
    """None if the network has no such part: the source was read before, so nothing else is wrong."""
    try:
        return look_inside(predictor, source, what)
    except Mistake:
        return None
