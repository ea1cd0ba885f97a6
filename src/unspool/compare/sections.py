"""Parts of the page: what failed, charts with their numbers, and examples on which two systems differ."""

from __future__ import annotations

from unspool.compare.analysis import System
from unspool.compare.by_length import value_of, where_better
from unspool.compare.result_tables import Findings, length_table
from unspool.compare.words import Words
from unspool.report.line_chart import ChartLine, line_chart
from unspool.report.tables import TextTable, shown

# Examples in each direction, and the characters of each that are shown.
EXAMPLES, LONGEST = 5, 160


def heading(text: str) -> str:
    """A heading of the page."""
    return f"<h2>{shown(text)}</h2>"


def failures(findings: Findings, words: Words) -> list[str]:
    """Which runs failed and why; nothing if none did."""
    rows = [[words.system(system.name), why] for system in findings.analysis.systems for why in system.failures]
    table = TextTable(words("failures"), [words("system"), words("reason")], rows, numbers=False)
    return [table.to_html()] if rows else []


def _axis(findings: Findings, words: Words) -> str:
    metric = findings.analysis.metric
    return f"{words.metric(metric.name)}, {words('higher' if metric.direction > 0 else 'lower')}"


def lengths(findings: Findings, words: Words) -> list[str]:
    """A chart and the table with its numbers."""
    analysis, groups = findings.analysis, findings.groups()
    tables = length_table(findings, words)
    if not tables:
        return []
    lines = [
        ChartLine(
            words.system(system.name),
            [(group.middle, value_of(system, analysis.metric, group.items)) for group in groups],
            _style(findings, system),
        )
        for system in analysis.finished()
    ]
    chart = line_chart(lines, words("lengths"), words("length"), _axis(findings, words), f"lengths-{words.language}")
    return [heading(words("lengths")), f"<p>{shown(words('lengths_text'))}</p>", chart, *_numbers(tables[0], words)]


def curves(findings: Findings, words: Words) -> list[str]:
    """A chart of all runs' validations and the table with its numbers."""
    networks = findings.analysis.finished("network")
    lines = [
        ChartLine(words.system(system.name), run.curve, _style(findings, system), named=number == 0)
        for system in networks
        for number, run in enumerate(system.runs)
    ]
    chart = line_chart(
        lines, words("curves"), words("training_seconds"), _axis(findings, words), f"curves-{words.language}"
    )
    if not chart:
        return []
    rows = [
        [system.name, str(run.seed), f"{seconds:.1f}", f"{value:.2f}"]
        for system in networks for run in system.runs for seconds, value in run.curve
    ]  # fmt: skip
    head = [words("system"), words("seeds"), words("training_seconds"), words.metric(findings.analysis.metric.name)]
    table = TextTable(words("curves"), head, rows)
    return [heading(words("curves")), f"<p>{shown(words('curves_text'))}</p>", chart, *_numbers(table, words)]


def _numbers(table: TextTable, words: Words) -> list[str]:
    return [f"<details><summary>{shown(words('numbers'))}</summary>{table.to_html()}</details>"]


def _style(findings: Findings, system: System) -> int:
    """The same colour and mark for a system in all charts."""
    return sorted(each.name for each in findings.analysis.systems).index(system.name)


def examples(findings: Findings, words: Words) -> list[str]:
    """Sources on which the best network and the best rival, and the two best networks, differ most."""
    networks, rivals = findings.analysis.finished("network"), findings.analysis.finished("rival")
    tables = [
        _example_table(findings, words, *pair).to_html()
        for one in networks[:1]
        for other in [*rivals[:1], *networks[1:2]]
        if one.runs[0].answers and other.runs[0].answers
        for pair in ((one, other), (other, one))
    ]
    return [heading(words("examples")), *tables] if tables else []


def _example_table(findings: Findings, words: Words, one: System, other: System) -> TextTable:
    names = [words.system(system.name) for system in (one, other)]
    rows = []
    for number in where_better(one, other, findings.analysis.metric, EXAMPLES):
        example = findings.data.test[number]
        right = " / ".join(map(str, example.references[:3]))
        answers = [system.runs[0].answers[number] for system in (one, other)]
        source = (
            example.source if isinstance(example.source, str) else f"{len(example.source)} × {example.source.shape[1]}"
        )
        rows.append([_cut(text) for text in (source, right, *answers)])
    rows = rows or [[words("no_examples"), "", "", ""]]
    caption = words("examples_table", one=names[0], other=names[1])
    return TextTable(caption, [words("source"), words("right"), *names], rows, numbers=False)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
