"""Parts of a chapter in HTML: its heading with the papers, paragraphs, a formula, pictures with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from unspool.models.registry import entry_of
from unspool.report.cell_grid import CellGrid
from unspool.report.formula import formula_html
from unspool.report.line_chart import ChartLine, line_chart
from unspool.report.tables import TextTable, shown
from unspool.report.texts import texts_of


class StoryWords:
    """One language: `words("letters_title")`, with places filled."""

    def __init__(self, language: str) -> None:
        self.language, self._texts = language, texts_of("unspool.story")[language]

    def __call__(self, key: str, **places: object) -> str:
        """A text with its places filled."""
        return self._texts[key].format(**places)


class Publication(NamedTuple):
    """A work that a chapter tells of. arxiv: its number there, or empty"""

    authors: str
    year: int
    title: str
    arxiv: str = ""


def paper_of(model: str) -> Publication:
    """The paper of a model of the registry."""
    entry = entry_of(model)
    return Publication(entry.paper, entry.year, entry.title, entry.arxiv)


class ChapterWriter:
    """Writes one chapter in one language; `html` is what has been written."""

    def __init__(self, words: StoryWords, name: str, papers: Sequence[Publication] = ()) -> None:
        self.words, self.name = words, name
        self.html: list[str] = [f'<h2 id="{name}-{words.language}">{shown(words(f"{name}_title"))}</h2>']
        self.html += [f'<p class="note">{"<br>".join(map(_citation, papers))}</p>'] if papers else []
        self._pictures = 0

    def say(self, key: str, **places: object) -> None:
        """A paragraph."""
        self.html.append(f"<p>{shown(self.words(key, **places))}</p>")

    def look(self, *texts: str) -> None:
        """What the reader should see in the picture above."""
        self.html.append(f'<p class="look">{shown(" ".join(texts))}</p>')

    def formula(self, text: str) -> None:
        """A formula; see `report.formula`."""
        self.html.append(formula_html(text))

    def heading(self, key: str) -> None:
        """A heading inside the chapter."""
        self.html.append(f"<h3>{shown(self.words(key))}</h3>")

    def table(self, table: TextTable) -> None:
        """A table that is always open."""
        self.html.append(table.to_html())

    def grid(self, grid: CellGrid, *, numbers: bool = True) -> None:
        """Weights as a picture; numbers: whether the table is there, too."""
        self._picture(grid.to_svg(self._number()), grid.title)
        if numbers:
            self._details(grid.to_table())

    def chart(self, lines: Sequence[ChartLine], picture: str, x_label: str, y_label: str) -> None:
        """Lines with their numbers; the labels are texts."""
        self._picture(line_chart(lines, picture, x_label, y_label, self._number()), picture)
        places = sorted({x for line in lines for x, _ in line.points})
        known = [dict(line.points) for line in lines]
        rows = [[f"{x:g}", *(f"{one[x]:g}" if x in one else "" for one in known)] for x in places]
        self._details(TextTable(picture, [x_label, *(line.name for line in lines)], rows))

    def _picture(self, svg: str, title: str) -> None:
        self.html.append(f'<figure class="wide" tabindex="0">{svg}<figcaption>{shown(title)}</figcaption></figure>')

    def _details(self, table: TextTable) -> None:
        self.html.append(f"<details><summary>{shown(self.words('numbers'))}</summary>{table.to_html()}</details>")

    def _number(self) -> str:
        self._pictures += 1
        return f"{self.name}-{self._pictures}-{self.words.language}"


def points_of(rows: Sequence[Any]) -> list[tuple[float, float]]:
    """The points of a line, as they are in the figures."""
    return [(float(x), float(y)) for x, y in rows]


def percents(values: Sequence[tuple[str, float]]) -> str:
    """Names with their shares: `rnn 12.5 %, gru 100 %`."""
    return ", ".join(f"{name} {value:g} %" for name, value in values)


def updates_of(figures: dict[str, Any], names: Mapping[str, str]) -> str:
    """How many updates lessons made. names: of lessons, and as the reader knows them"""
    return ", ".join(f"{title} {figures['trained'][name]['updates']:,}" for name, title in names.items())


def _citation(paper: Publication) -> str:
    text = shown(f"{paper.authors} ({paper.year}): {paper.title}")
    return f'{text} <a href="https://arxiv.org/abs/{paper.arxiv}">arXiv:{paper.arxiv}</a>' if paper.arxiv else text
