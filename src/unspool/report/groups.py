"""Figures of some of the examples: by the length of their source, by a tag, and which edits are the most frequent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from unspool.metrics.report import METRICS
from unspool.metrics.symbol_error_rate import Edit
from unspool.plural import counted
from unspool.types import Array

# The most groups of lengths, the fewest examples with a tag for which it is shown, the most tags and edits shown.
LENGTHS, FEWEST, TAGS, EDITS = 5, 5, 40, 20


class Group(NamedTuple):
    """Some examples: what they have in common, how many sources they are, and their figures by the metric's name."""

    name: str
    sources: int
    figures: dict[str, float]


def by_length(lengths: Sequence[int], outcomes: Mapping[str, Array]) -> list[Group]:
    """Groups of about equal size by the length of the source in symbols, the shortest first."""
    known = np.asarray(lengths)
    ends = sorted({int(end) for end in np.percentile(known, np.linspace(0, 100, LENGTHS + 1)[1:], method="nearest")})
    groups, begin = [], int(known.min())
    for end in ends:
        which = np.flatnonzero((known >= begin) & (known <= end))
        if len(which):
            name = counted(end, "symbol", "symbols") if begin == end else f"{begin:,} to {end:,} symbols"
            groups.append(_group(name, which, outcomes))
        begin = end + 1
    return groups


def by_tag(tags: Sequence[Iterable[str]], outcomes: Mapping[str, Array]) -> list[Group]:
    """A group for each tag of a few sources or more, the most frequent first."""
    having: dict[str, list[int]] = {}
    for number, of_source in enumerate(tags):
        for tag in dict.fromkeys(of_source):
            having.setdefault(tag, []).append(number)
    frequent = sorted((tag for tag, which in having.items() if len(which) >= FEWEST), key=lambda tag: -len(having[tag]))
    return [_group(tag, np.array(having[tag]), outcomes) for tag in frequent[:TAGS]]


def confusions(edits: Iterable[Iterable[Edit]]) -> list[tuple[Edit, int]]:
    """The most frequent edits and how often they occur."""
    return Counter(edit for of_item in edits for edit in of_item).most_common(EDITS)


def _group(name: str, which: Array, outcomes: Mapping[str, Array]) -> Group:
    return Group(name, len(which), {metric: METRICS[metric].value(rows[which]) for metric, rows in outcomes.items()})
