"""A self-contained page of HTML: no script, no network, the system's fonts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from unspool.storage.atomic import replace
from unspool.visible import as_html

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1b2733; --faint: #5b6772; --line: #dde3e9; --ground: #fff;
        --item: 214, 93, 14; --whole: 38, 98, 166 }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #eef2f6; --faint: #a3afba; --line: #3a4550; --ground: #14191e;
        --item: 160, 68, 8; --whole: 30, 86, 150 }} }}
body {{ font: 16px/1.75 system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif;
       color: var(--ink); background: var(--ground); max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.3rem }}
h2 {{ font-size: 1.1rem; margin: 2.2rem 0 .4rem }}
small, th {{ color: var(--faint); font-weight: 400 }}
table {{ border-collapse: collapse }}
td, th {{ padding: .1rem .5rem; vertical-align: top; text-align: left }}
.item {{ border-radius: .2rem; padding: .1rem .05rem; white-space: pre-wrap }}
.whole {{ font-variant-numeric: tabular-nums; text-align: right; width: 3.5rem;
         border-bottom: 1px solid var(--ground) }}
.key {{ color: var(--faint); border-bottom: 1px solid var(--line); padding-bottom: .6rem }}
.cell {{ text-align: center; min-width: 1.6rem }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def page(title: str, parts: Iterable[str], language: str = "en") -> str:
    """A page from parts in HTML; language: of its words."""
    return _PAGE.format(language=language, title=as_html(title), body="\n".join(parts))


def write_page(path: Path, title: str, parts: Iterable[str], language: str = "en") -> None:
    """Write a page from parts in HTML."""
    replace(path, page(title, parts, language).encode())


def shaded(tag: str, kind: str, text: str, weight: float, strength: float, colour: str) -> str:
    """A text with a background colour of `strength` 0 to 1; the weight is its tooltip.

    kind: the CSS class; colour: the CSS variable with red, green and blue
    """
    ground = f"background: rgba(var(--{colour}), {0.85 * strength:.3f})"
    return f'<{tag} class="{kind}" style="{ground}" title="{weight:.3f}">{as_html(text)}</{tag}>'
