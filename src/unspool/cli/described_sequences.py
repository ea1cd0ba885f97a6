"""What `unspool describe` prints of sequences of real values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from unspool.visible import visible

if TYPE_CHECKING:
    from unspool.data.sequence_description import Features, SequenceDescription, SequenceSide

# Features and labels that are listed.
LISTED = 8


def sequence_lines(description: SequenceDescription) -> Iterator[str]:
    """The summary of sequences, line by line."""
    yield row("sequences", f"{description.pairs:,}")
    yield from _side("source", description.source)
    if description.target:
        yield from _side("target", description.target)
    for setting in description.settings():
        yield row("suggested", setting)
    for warning in description.warnings():
        yield row("note", warning)


def row(name: str, value: str) -> str:
    """A line of a summary."""
    return f"{visible(name):<22} {visible(value)}"


def _side(name: str, side: SequenceSide) -> Iterator[str]:
    yield ""
    lengths = side.lengths
    spread = f"{lengths.minimum:,} to {lengths.maximum:,}, median {lengths.median:,}, 95 % at most {lengths.most:,}"
    if side.features:
        yield row(name, f"real values, {len(side.features.mean):,} a step")
        yield row("  steps", spread)
        yield from _features(side.features)
    elif side.labels:
        shown = [f"{label} {count:,}" for label, count in [*side.labels.items()][:LISTED]]
        yield row(name, f"{len(side.labels):,} labels")
        yield row("  most frequent", "  ".join(shown))
    else:
        yield row(name, "text")
        yield row("  characters", spread)


def _features(features: Features) -> Iterator[str]:
    columns = zip(features.mean, features.deviation, features.least, features.greatest, strict=True)
    for number, (mean, deviation, least, greatest) in enumerate(columns, 1):
        if number > LISTED:
            yield row("  …", f"and {len(features.mean) - LISTED:,} more features")
            return
        yield row(
            f"  feature {number}", f"mean {mean:.4g}, deviation {deviation:.4g}, from {least:.4g} to {greatest:.4g}"
        )
