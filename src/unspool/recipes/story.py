"""The story of the family: a page in English and Korean whose pictures and figures come from models that it trains.

From the next letter of "hello" over the context of an encoder and attention to the Transformer, each chapter shows what
models do that learned here, on data made up for it. Everything is kept: a run that was stopped goes on, and one that is
finished shows its result at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.model import load
from unspool.recipes.story_models import StoryModels
from unspool.recipes.training import Screen
from unspool.storage.atomic import replace
from unspool.story.chapters_of_attention import COMPARED
from unspool.story.figures import STEPS, find_figures
from unspool.story.lessons import LESSONS
from unspool.story.page import write_story
from unspool.story.tables import write_tables

MINUTES = 12.0
PAGE, FIGURES = "story.html", "story.json"


def run(out: Path, minutes: float | None, screen: Screen) -> str:
    """Train what is not trained yet, look into the models, write the page, and return the text to show."""
    total = MINUTES if minutes is None else minutes
    models = StoryModels(out, total, total / MINUTES, screen)
    models.train(LESSONS, write_tables(out / "data"))
    screen.say("Looking into the models …")
    with screen.counting(STEPS, "looking") as count:
        figures = find_figures(lambda name: load(models.folder(name)), count)
    figures |= {"trained": models.trained, "folder": str(out)}
    disk.write_json(out / FIGURES, figures)
    write_story(out / PAGE, figures, load(models.folder("reviews")))
    disk.write_json(out / disk.RECIPE, disk.read_json(out / disk.RECIPE) | {"minutes": total})
    text = show(figures, out)
    replace(out / disk.SUMMARY, text.encode())
    return text


def show(figures: dict[str, Any], out: Path) -> str:
    """The text at the end: a few figures, and where the page is."""
    found = figures["lengths"]
    lines = [
        f"Right answers in the secret language, in %, for words of up to {found['learned']} letters and longer ones:"
    ]
    lines += ["", *(f"  {name:<14} {found[name]['learned']:5.1f}   {found[name]['longer']:5.1f}" for name in COMPARED)]
    lines += ["", f"All figures: {out / FIGURES}", "", "Open the story in a browser; add #ko for Korean:"]
    return "\n".join([*lines, f"  {(out / PAGE).resolve()}"])
