"""The tables of a report: all systems, their differences, and quality by source length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unspool.compare import sentences
from unspool.compare.analysis import Analysis, Difference, System
from unspool.compare.by_length import LengthGroup, length_groups, value_of
from unspool.compare.comparison import Comparison
from unspool.compare.shared_data import SharedData
from unspool.compare.words import Words
from unspool.report.tables import TextTable


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a report shows. command: as it was typed."""

    comparison: Comparison
    data: SharedData
    analysis: Analysis
    command: str

    def groups(self) -> list[LengthGroup]:
        """Test items by the length of their sources."""
        return length_groups(self.data.lengths())


def main_table(findings: Findings, words: Words) -> TextTable:
    """A row for each system."""
    analysis = findings.analysis
    head = [words("system"), words("kind")]
    for place, name in enumerate(analysis.metrics):
        head += [words.metric(name), words("seeds")] if place == 0 else [words.metric(name)]
    head += [words("parameters"), words("speed"), words("milliseconds"), words("minutes")]
    rows = [_system_row(system, analysis.metrics, words) for system in analysis.systems]
    return TextTable(words("table"), head, rows)


def _system_row(system: System, metrics: Sequence[str], words: Words) -> list[str]:
    names = [words.system(system.name), words(system.kind)]
    if not system.runs:
        return [*names, words("failed"), *["–"] * (len(metrics) + 4)]
    cells = []
    for place, metric in enumerate(metrics):
        cells.append(f"{system.value(metric):.2f} ({_ends(system.items(metric), words)})")
        if place == 0:
            cells.append(_ends(system.seeds(metric), words))
    rest = [
        _measured(system.average("parameters"), ",.0f"),
        _measured(system.average("symbols_per_second"), ",.0f"),
        _measured(system.average("milliseconds"), ".1f"),
        f"{system.average('seconds') / 60:.2f}",
    ]
    return [*names, *cells, *rest]


def _measured(value: float, form: str) -> str:
    """A number, or a dash for what was not measured."""
    return format(value, form) if value else "–"


def difference_table(findings: Findings, words: Words) -> TextTable:
    """A row for every two systems."""
    analysis = findings.analysis
    head = [words(key) for key in ("better", "worse_one", "difference", "interval", "corrected")]
    rows = [_difference_row(each, words) for each in analysis.differences]
    caption = words("differences_table", metric=words.metric(analysis.metric.name), tests=len(rows))
    return TextTable(caption, head, rows)


def _difference_row(each: Difference, words: Words) -> list[str]:
    names = [words.system(system.name) for system in (each.one, each.other)]
    p = sentences.probability(each.adjusted).removeprefix("= ")
    return [*names, f"{each.test.difference:+.2f}", _ends(each.test.interval, words), p]


def length_table(findings: Findings, words: Words) -> list[TextTable]:
    """A row for each group of lengths; no table if there are no groups."""
    analysis, groups = findings.analysis, findings.groups()
    systems = analysis.finished()
    head = [words("length"), words("items"), *(words.system(system.name) for system in systems)]
    rows = [
        [
            _range(group), f"{len(group.items):,}",
            *(f"{value_of(system, analysis.metric, group.items):.2f}" for system in systems),
        ]
        for group in groups
    ]  # fmt: skip
    caption = f"{words('lengths')}: {words.metric(analysis.metric.name)}"
    return [TextTable(caption, head, rows)] if rows and systems else []


def _range(group: LengthGroup) -> str:
    return f"{group.shortest}–{group.longest}" if group.shortest < group.longest else str(group.shortest)


def _ends(interval: tuple[float, float] | None, words: Words) -> str:
    return "–" if interval is None else words("ends", low=f"{interval[0]:.2f}", high=f"{interval[1]:.2f}")
