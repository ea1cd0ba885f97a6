"""The figures of an evaluation as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unspool.visible import visible

# A confusion matrix with more labels than this is not printed, because it is too wide to read; --json has it.
SHOWN_LABELS = 24
# What is counted where only likelihoods are measured, by one of the metrics.
COUNTED = {"bits_per_character": "characters", "nll_per_sequence": "points"}


def table(figures: Mapping[str, Any]) -> str:
    """The metrics as lines of text: a name, a value, its interval."""
    counted = counted_noun(figures)
    lines = [f"{counted:<18} {figures['n']:>8,}"]
    for name in [name for name in figures if f"{name}_low" in figures]:
        low, high = figures[f"{name}_low"], figures[f"{name}_high"]
        lines.append(f"{name.replace('_', ' '):<18} {figures[name]:>8.2f}   95 %: {low:.2f} to {high:.2f}")
    if "from_lexicon" in figures:
        lines.append(f"{'from the lexicon':<18} {figures['from_lexicon']:>8,}")
    if "signature" in figures:
        lines.append(f"{'signature':<18} {figures['signature']}")
    lines.append(f"{'seconds':<18} {figures['seconds']:>8.1f}")
    return "\n".join([*lines, *confusion(**figures.get("confusion", {"labels": [], "counts": []}))])


def counted_noun(figures: Mapping[str, Any]) -> str:
    """What `n` counts: sources, or what likelihoods are divided by if only they are measured."""
    return next((noun for metric, noun in COUNTED.items() if metric in figures), "sources")


def confusion(labels: list[str], counts: list[list[int]]) -> list[str]:
    """A line for each right label with the counts of the predicted labels; nothing if there are too many labels."""
    if not 0 < len(labels) <= SHOWN_LABELS:
        return []
    labels = [visible(label) for label in labels]
    rows = [[label, *map(str, row)] for label, row in zip(labels, counts, strict=True)]
    title = "confusion matrix; rows: right labels, columns: predicted labels"
    return ["", title, *aligned([["", *labels], *rows])]


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines, the first column to the left and the others to the right."""
    from rich.cells import cell_len, set_cell_size

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for first, *cells in rows:
        ends = [" " * (width - cell_len(cell)) + cell for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([set_cell_size(first, widths[0]), *ends]).rstrip()
