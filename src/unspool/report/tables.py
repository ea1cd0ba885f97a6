"""A table of text as HTML, Markdown or LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unspool.visible import as_html

_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--", "−": "$-$",
}  # fmt: skip
# Marks that turn the direction of text, and other control characters: they would change what is around them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class TextTable:
    """Cells as text; the first column names the row. numbers: all other columns are aligned to the right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: bool = True

    def to_html(self) -> str:
        """With a caption and with headers that name their column or row; wide ones scroll, also by keyboard."""
        head = "".join(f'<th scope="col">{shown(cell)}</th>' for cell in self.head)
        rows = "\n".join(f"<tr>{_row(row)}</tr>" for row in self.rows)
        kind = ' class="numbers"' if self.numbers else ""
        return (
            f'<div class="wide" tabindex="0" role="region" aria-label="{shown(self.caption)}"><table{kind}>'
            f"<caption>{shown(self.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
        )

    def to_markdown(self) -> str:
        """A table of GitHub's kind, after its caption."""
        rule = [":--", *["--:" if self.numbers else ":--"] * (len(self.head) - 1)]
        return "\n".join([self.caption, "", *(_markdown(row) for row in (self.head, rule, *self.rows))]) + "\n"

    def to_latex(self) -> str:
        """A floating table with the rules of the package booktabs."""
        columns = "l" + ("r" if self.numbers else "l") * (len(self.head) - 1)
        lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", _latex(self.head), r"\midrule"]
        lines += [*map(_latex, self.rows), r"\bottomrule", r"\end{tabular}"]
        return (
            "\n".join([r"\begin{table}", r"\centering", *lines, rf"\caption{{{latex(self.caption)}}}", r"\end{table}"])
            + "\n"
        )


def shown(text: str) -> str:
    """Text in HTML: markup is shown as text, and control characters are named."""
    return as_html(_CONTROL.sub(lambda found: f"<U+{ord(found[0]):04X}>", text))


def latex(text: str) -> str:
    """Text in LaTeX, without a command in it."""
    return "".join(_LATEX.get(character, character) for character in text)


def _row(row: Sequence[str]) -> str:
    first, *others = row
    return f'<th scope="row">{shown(first)}</th>' + "".join(f"<td>{shown(cell)}</td>" for cell in others)


def _markdown(row: Iterable[str]) -> str:
    cells = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for cell in row)
    return f"| {' | '.join(cells)} |"


def _latex(row: Iterable[str]) -> str:
    return " & ".join(map(latex, row)) + r" \\"
