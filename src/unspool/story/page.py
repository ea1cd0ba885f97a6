"""The page: all chapters in both languages, in one file without a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unspool.model import Model
from unspool.report.bilingual_page import LANGUAGES, write_bilingual_page
from unspool.report.tables import shown
from unspool.story import chapters_of_a_context as of_a_context
from unspool.story import chapters_of_attention as of_attention
from unspool.story import chapters_of_one_network as of_one_network
from unspool.story.chapter import ChapterWriter, StoryWords

STYLE = """
:root { --item: 214, 93, 14; --whole: 38, 98, 166 }
@media (prefers-color-scheme: dark) { :root { --item: 255, 150, 80; --whole: 110, 170, 240 } }
#ko:has(:target) { display: block }
#ko:has(:target) ~ #en { display: none }
h2 { font-size: 1.3rem; margin-top: 3.4rem; border-top: 1px solid var(--line); padding-top: 1.6rem }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
.formula { font: italic 1.08rem/1.9 Cambria, "STIX Two Text", Georgia, "Times New Roman", serif; font-style: normal;
  white-space: pre-wrap; padding-left: 1.2rem }
.look { border-left: .25rem solid var(--c1); padding-left: .9rem }
figure { margin: 1.2rem 0 .3rem }
figcaption { color: var(--faint); font-size: .92rem; max-width: 48rem; padding-top: .3rem }
figure svg { min-width: 34rem }
figure svg[style] { min-width: 0 }
.wide td, .wide th { white-space: nowrap }
summary { cursor: pointer; color: var(--strong); font-size: .92rem }
ol.contents { columns: 18rem; max-width: 48rem; padding-left: 0; list-style: none }
code { white-space: pre; font-size: .92rem }
.item { border-radius: .2rem; padding: .1rem .1rem }
.whole { font-variant-numeric: tabular-nums; text-align: right; width: 3.5rem }
"""


def write_story(path: Path, figures: dict[str, Any], documents: Model) -> None:
    """Write the page. documents: the model whose coloured reviews chapter 8 shows"""
    words = {language: StoryWords(language) for language in LANGUAGES}
    titles = {language: each("title") for language, each in words.items()}
    bodies = {language: _body(figures, each, documents) for language, each in words.items()}
    write_bilingual_page(path, titles, bodies, STYLE)


def _body(figures: dict[str, Any], words: StoryWords, documents: Model) -> str:
    chapters = [
        of_one_network.next_letter(figures, words),
        of_one_network.states(figures, words),
        of_one_network.forgetting(figures, words),
        of_a_context.context(figures, words),
        of_a_context.feeding(figures, words),
        of_a_context.lengths(figures, words),
        of_attention.attention(figures, words),
        of_attention.documents(figures, words, documents),
        of_attention.transformer(figures, words),
        of_attention.what_next(figures, words),
    ]
    trained = figures["trained"].values()
    minutes = f"{sum(one['seconds'] for one in trained) / 60:.1f}"
    opening = [words("opening", models=len(trained), minutes=minutes), words("opening_order")]
    parts = [f"<p>{shown(text)}</p>" for text in opening]
    return "\n".join([*parts, _contents(chapters, words), *(part for one in chapters for part in one.html)])


def _contents(chapters: list[ChapterWriter], words: StoryWords) -> str:
    """Links to the chapters; `STYLE` opens the language of whatever a link leads to."""
    links = ((f"#{one.name}-{words.language}", words(f"{one.name}_title")) for one in chapters)
    titles = "".join(f'<li><a href="{place}">{shown(title)}</a></li>' for place, title in links)
    return f'<ol class="contents">{titles}</ol>'
