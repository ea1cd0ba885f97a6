"""A table of weights as inline SVG: names across and down, a darker cell for a larger weight; in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from unspool.report.tables import TextTable, shown

CELL_HEIGHT, TOP, LETTER, SIDE = 24, 26, 9, 12
# Of a cell with a number, and of one without.
WIDE, NARROW = 38, 22
# A weight is written into its cell from here on, and in the colour of the page from there on.
WRITTEN, DARK = 0.045, 0.55


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Weights from -1 to 1, `[rows, columns]`, and what is written above and beside them.

    scale:   what a weight is multiplied by where it is written, such as 100 for percent; None: nothing is written
    marked:  the cells with a frame, as numbers of row and column
    """

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    weights: Sequence[Sequence[float]]
    scale: float | None = 100
    marked: frozenset[tuple[int, int]] = frozenset()

    @property
    def cell_width(self) -> int:
        """Narrow where nothing is written."""
        return NARROW if self.scale is None else WIDE

    def to_svg(self, number: str) -> str:
        """The picture; number: makes its ids unique in the page. It keeps its size, so that it stays readable."""
        left = LETTER * max(map(_width, self.rows), default=1) + SIDE
        cell = self.cell_width
        width, height = left + cell * len(self.columns) + 2, TOP + CELL_HEIGHT * len(self.rows) + 2
        parts = [
            f'<text x="{left + cell * (place + 0.5)}" y="{TOP - 8}" text-anchor="middle">{_name(name)}</text>'
            for place, name in enumerate(self.columns)
        ]
        for place, (name, weights) in enumerate(zip(self.rows, self.weights, strict=True)):
            y = TOP + CELL_HEIGHT * place
            parts.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{_name(name)}</text>')
            parts += [self._cell(place, at, left + cell * at, y, weight) for at, weight in enumerate(weights)]
        title = f'<title id="grid-{number}">{shown(self.title)}</title>'
        size = f'viewBox="0 0 {width} {height}" style="width:{width}px;max-width:none"'
        return f'<svg {size} role="img" aria-labelledby="grid-{number}">{title}{"".join(parts)}</svg>'

    def to_table(self) -> TextTable:
        """The same as numbers."""
        factor = 100 if self.scale is None else self.scale
        digits = 0 if factor >= 100 else 2
        rows = [
            [_plain(name), *(f"{factor * weight:.{digits}f}" for weight in weights)]
            for name, weights in zip(self.rows, self.weights, strict=True)
        ]
        return TextTable(self.title, ["", *map(_plain, self.columns)], rows)

    def _cell(self, row: int, column: int, x: float, y: float, weight: float) -> str:
        colour, strength = ("--c0" if weight >= 0 else "--c1"), min(1.0, abs(weight))
        frame = ' stroke="var(--ink)" stroke-width="1.5"' if (row, column) in self.marked else ""
        found = (
            f'<rect x="{x + 1}" y="{y + 1}" width="{self.cell_width - 2}" height="{CELL_HEIGHT - 2}" rx="2" '
            f'fill="var({colour})" fill-opacity="{0.04 + 0.96 * strength:.3f}"{frame}/>'
        )
        if self.scale is None or strength < WRITTEN:
            return found
        style = ' style="fill:var(--ground)"' if strength > DARK else ""
        written = f"{self.scale * weight:.0f}"
        return f'{found}<text x="{x + WIDE / 2}" y="{y + 16}" text-anchor="middle"{style}>{written}</text>'


def _name(text: str) -> str:
    """A name in the picture, with a sign for a space."""
    return shown(_plain(text))


def _plain(text: str) -> str:
    return "␣" if text == " " else text or "–"


def _width(text: str) -> int:
    """In letters; those of East Asia are twice as wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
