"""What `unspool describe` prints of ink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from unspool.cli.described_sequences import row

if TYPE_CHECKING:
    from unspool.data.column_stats import Lengths
    from unspool.data.ink_description import InkDescription

# Characters that are listed.
LISTED = 120


def ink_lines(description: InkDescription) -> Iterator[str]:
    """The summary of ink, line by line."""
    yield row("drawings", f"{description.drawings:,}")
    yield row("  with a text", f"{description.texts:,}")
    if description.styles:
        yield row("  styles", f"{len(description.styles):,}")
    yield row("  strokes", _spread(description.strokes))
    yield row("  points", _spread(description.points))
    if description.points_a_letter:
        yield row("  points a character", f"{description.points_a_letter:.1f}")
    yield row("  height of a small x", f"{description.height:.3g}, estimated")
    if description.letters:
        more = " …" if len(description.letters) > LISTED else ""
        yield row("  characters", "".join(list(description.letters)[:LISTED]) + more)
    for setting in description.settings():
        yield row("suggested", setting)
    for warning in description.warnings():
        yield row("note", warning)


def _spread(lengths: Lengths) -> str:
    return f"{lengths.minimum:,} to {lengths.maximum:,}, median {lengths.median:,}, 95 % at most {lengths.most:,}"
