"""How far back a network remembers: the gradient of each answer over the distance to what it depends on.

A gradient that reaches an item over d steps of a recurrence has been multiplied by d Jacobians (Pascanu et al. 2013,
arXiv:1211.5063): in a plain RNN it vanishes, in an LSTM or GRU more slowly, and attention is a way around the steps.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from unspool.errors import Mistake
from unspool.explain.captions import MEMORY, MemoryWords, language_of
from unspool.explain.influence_files import explain_answer
from unspool.explain.pictures import new_figure, save
from unspool.explain.scaled_network import Influence
from unspool.fields.field import Raw
from unspool.predictor import Predictor
from unspool.report.bilingual_page import write_bilingual_page
from unspool.report.line_chart import ChartLine, line_chart
from unspool.report.tables import TextTable
from unspool.storage.atomic import replace

# A curve has about so many points at most; distances between two of them are averaged.
BINS = 24


class MemoryCurve(NamedTuple):
    """points: distance in steps, and the mean length of the gradient there relative to the mean over all distances."""

    name: str
    points: list[tuple[float, float]]


def memory_curve(
    name: str, predictor: Predictor, sources: Sequence[Raw], on_done: Callable[[int], object] | None = None
) -> MemoryCurve:
    """The curve of a model's own answers to some sources."""
    lengths = defaultdict[int, list[float]](list)
    for source in sources:
        influence = explain_answer(predictor, source, None, "gradient").influence
        if predictor.config.model.reads_from_the_end:
            influence = influence._replace(read=influence.read[:, ::-1])
        for distance, length in distances(influence):
            lengths[distance].append(length)
        if on_done is not None:
            on_done(1)
    if not lengths:
        raise Mistake("There is nothing to remember: no source has a symbol.", "Give texts of several symbols.")
    return MemoryCurve(name, _binned({distance: float(np.mean(some)) for distance, some in lengths.items()}))


def distances(influence: Influence) -> list[tuple[int, float]]:
    """Of each answer and each item before it, in the order of reading: the steps between, and the gradient's length.

    The last item that is read is one step before the first answer. A network that reads in both directions, or by
    attention, may have shorter ways.
    """
    steps, items = influence.read.shape
    found = [(items - u + t, float(influence.read[t, u])) for t in range(steps) for u in range(items)]
    if influence.written.any():
        found += [(t - s, float(influence.written[t, s])) for t in range(steps) for s in range(t)]
    return found


def write_memory(curves: Sequence[MemoryCurve], out: Path, sources: Sequence[Raw]) -> list[str]:
    """Write a .html, .png or .json; returns messages."""
    if out.suffix == ".json":
        replace(out, (json.dumps({curve.name: curve.points for curve in curves}, ensure_ascii=False) + "\n").encode())
        return []
    if out.suffix == ".png":
        return _picture(curves, out, MEMORY[language_of(map(str, sources))])
    titles = {language: words.title for language, words in MEMORY.items()}
    write_bilingual_page(out, titles, {language: _body(curves, words) for language, words in MEMORY.items()})
    return []


def _binned(means: Mapping[int, float]) -> list[tuple[float, float]]:
    """At most `BINS` points, and 1 for the mean of all distances."""
    order = sorted(means)
    whole = float(np.mean([means[distance] for distance in order])) or 1.0
    width = -(-len(order) // BINS)
    bins = [order[begin : begin + width] for begin in range(0, len(order), width)]
    return [
        (round(float(np.mean(some)), 2), float(np.mean([means[distance] for distance in some])) / whole)
        for some in bins
    ]


def _body(curves: Sequence[MemoryCurve], words: MemoryWords) -> str:
    lines = [
        ChartLine(curve.name, [(x, math.log10(y)) for x, y in curve.points if y > 0], number)
        for number, curve in enumerate(curves)
    ]
    places = sorted({x for curve in curves for x, _ in curve.points})
    known = [dict(curve.points) for curve in curves]
    rows = [[f"{x:g}", *(f"{one[x]:.3g}" if x in one else "" for one in known)] for x in places]
    table = TextTable(words.table, [words.distance, *(curve.name for curve in curves)], rows)
    chart = line_chart(lines, words.title, words.distance, words.power, words.language)
    return "\n".join([f'<p class="note">{words.key}</p>', chart, table.to_html()])


def _picture(curves: Sequence[MemoryCurve], out: Path, words: MemoryWords) -> list[str]:
    figure, axes = new_figure((8.0, 4.5))
    for curve, mark in zip(curves, "os^vDP*X" * len(curves), strict=False):
        axes.plot(*zip(*curve.points, strict=True), marker=mark, markersize=4, label=curve.name)
    axes.set_yscale("log")
    axes.set_xlabel(words.distance)
    axes.set_ylabel(words.length)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return save(figure, out)
