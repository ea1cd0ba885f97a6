"""One HTML file with the same page in English and in Korean: no request to another host, no script of its own.

The language is chosen by a link; `report.html#ko` opens the Korean part.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from unspool.report.tables import shown
from unspool.storage.atomic import replace

LANGUAGES = {"en": "English", "ko": "한국어"}

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2733; --faint: #55616d; --line: #d6dde4; --ground: #fff; --strong: #0b5394;
  --c0: #0b5394; --c1: #b5460f; --c2: #2f7d32; --c3: #8e2a86; --c4: #00707c; --c5: #8a6100; --c6: #b01d4b; --c7: #555 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --faint: #a3afba; --line: #3a4550; --ground: #14191e;
  --strong: #8ec3f5; --c0: #8ec3f5; --c1: #ffb07c; --c2: #8fd694; --c3: #e5a3df; --c4: #6fd6e1; --c5: #ecc863;
  --c6: #ff9ab5; --c7: #bbb } }
* { box-sizing: border-box }
body { font: 16px/1.6 system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; color: var(--ink);
  background: var(--ground); max-width: 76rem; margin: 0 auto; padding: 1rem 1rem 4rem }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 1rem 0 }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .5rem }
.answer { font-size: 1.15rem; border-left: .3rem solid var(--strong); padding-left: .9rem }
.note, caption, small { color: var(--faint) }
caption { text-align: left; padding: .2rem 0 .5rem }
.wide { overflow-x: auto; margin: .8rem 0 }
p { max-width: 48rem }
table { font-size: .92rem; border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; white-space: nowrap }
svg { width: 100%; height: auto; max-width: 46rem; display: block }
svg text { font-size: 12px; fill: var(--ink) }
svg .label { fill: var(--faint) }
svg .grid { stroke: var(--line) }
svg polyline { fill: none; stroke-width: 2 }
COLOURS
a { color: var(--strong) }
a:focus-visible, .wide:focus-visible, summary:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px }
nav { text-align: right }
main { display: none }
[lang=ko] { word-break: keep-all; overflow-wrap: anywhere }
#en, #ko:target { display: block }
#ko:target ~ #en { display: none }
@media print { nav { display: none } }
"""


def write_bilingual_page(
    path: Path, titles: Mapping[str, str], bodies: Mapping[str, str], style: str = "", after: str = ""
) -> None:
    """Write the page, whole or not at all. titles, bodies: by language; bodies in HTML.

    style, after: more style, and more HTML at the end, once for both languages

    The Korean part comes first in the file, since a style can only hide what comes after a target.
    """
    colours = "\n".join(
        f".s{n} * {{ stroke: var(--c{n}); fill: var(--c{n}) }} .s{n} polyline {{ fill: none }}" for n in range(8)
    )
    parts = "\n".join(_part(language, titles[language], bodies[language]) for language in ("ko", "en"))
    head = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{shown(titles['en'])}</title>\n<style>{_STYLE.replace('COLOURS', colours)}{style}</style>\n"
    )
    replace(path, f"{head}<body>\n{parts}\n{after}</body>\n</html>\n".encode())


def _part(language: str, title: str, body: str) -> str:
    links = " · ".join(
        f'<span aria-current="true">{name}</span>'
        if code == language
        else f'<a href="#{code}" lang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    )
    return f'<main id="{language}" lang="{language}">\n<nav>{links}</nav>\n<h1>{shown(title)}</h1>\n{body}\n</main>'
