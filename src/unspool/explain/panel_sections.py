"""From attentions and cells to sections of heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

import numpy as np

from unspool.errors import Mistake
from unspool.explain.attention_maps import AttentionMap
from unspool.explain.cell_traces import CellTrace
from unspool.explain.forced_answer import ForcedAnswer
from unspool.explain.panel_words import (
    GATES,
    GATES_KEY,
    HEAD,
    HEADS_KEY,
    STATES,
    STATES_KEY,
    WEIGHT,
    title_of_attention,
    title_of_layer,
)
from unspool.explain.panels import HeatMap, PanelRow, Section, attention_limit
from unspool.nn.gate_values import CANDIDATES
from unspool.types import Array


def title_of(forced: ForcedAnswer) -> str:
    """What was read and written."""
    return f"{forced.source} → {forced.text}"


def heads_section(title: str, maps: Sequence[AttentionMap]) -> Section:
    """A row of heads for each layer."""
    rows = [
        PanelRow(title, [_attention(one) for one in some])
        for title, some in (
            (title_of_attention(group[0]), group)
            for group in (list(some) for _, some in groupby(maps, key=lambda one: (one.kind, one.layer)))
        )
    ]
    return Section(title, HEADS_KEY, rows)


def _attention(one: AttentionMap) -> HeatMap:
    title = {language: text.format(one.head) for language, text in HEAD.items()} if one.head else WEIGHT
    return HeatMap(title, one.rows, one.columns, one.weights, limit=attention_limit(one.weights))


def cells_section(title: str, traces: Sequence[CellTrace], of: Literal["gates", "states"]) -> Section:
    """A row of gates, or of the parts of the state, for each layer. Cells without gates are a `Mistake`."""
    shown = [trace for trace in traces if getattr(trace, of)]
    if not shown:
        raise Mistake("The cells of this network have no gates.", "See its states: --what states")
    find = _gate if of == "gates" else _state
    rows = [
        PanelRow(title_of_layer(trace), [find(name, values, trace) for name, values in getattr(trace, of).items()])
        for trace in shown
    ]
    return Section(title, GATES_KEY if of == "gates" else STATES_KEY, rows)


def _gate(name: str, values: Array, trace: CellTrace) -> HeatMap:
    return HeatMap(GATES[name], (), trace.symbols, values.T, signed=name in CANDIDATES)


def _state(name: str, values: Array, trace: CellTrace) -> HeatMap:
    """h is between -1 and 1; the largest of c has the full colour."""
    limit = 1.0 if name == "h" else float(np.abs(values).max(initial=0.0)) or 1.0
    return HeatMap(STATES[name], (), trace.symbols, values.T, signed=True, limit=limit)
