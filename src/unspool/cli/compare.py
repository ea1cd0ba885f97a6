"""`unspool compare`: several models and their rivals on the same data, each with the same time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from unspool.cli.reading import Delimiter, Encoding, Header, Source, Target, TrainingColumns
from unspool.errors import Mistake
from unspool.screens.console import Stopped, say

if TYPE_CHECKING:
    from unspool.compare.result_tables import Findings

Paths = list[Path]


def compare(
    models: Annotated[str, typer.Option(help="Names of models, separated by commas; see 'unspool models'.")],
    out: Annotated[Path, typer.Option(help="The folder to write; run the command again to continue.")],
    data: Annotated[Paths | None, typer.Argument(help="Data as for 'unspool train'.")] = None,
    minutes: Annotated[
        float, typer.Option(min=0.05, help="Wall time of each model and seed, final evaluation included.")
    ] = 5.0,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Runs of each model, with random seeds 1, 2, …")] = 1,
    valid: Annotated[
        Paths | None, typer.Option(help="Held-out data: half validates, half tests. Default: 10 % of DATA.")
    ] = None,
    source: Source = None,
    target: Target = None,
    columns: TrainingColumns = None,
    header: Header = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings, for all models.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting such as training.metric=bleu, for all models."),
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Also write the tables to this file, as Markdown.")] = None,
    latex: Annotated[Path | None, typer.Option(help="Also write the main table to this file, as LaTeX.")] = None,
) -> None:
    """Compare models with each other and with cheap rivals: same data, same time, one report.

    Half of the held-out data selects the best weights of each model, the other half is the test. Finished runs are
    kept; a stopped one continues when the same command is given again.
    """
    from unspool.compare.analysis import analyse
    from unspool.compare.comparison import Comparison
    from unspool.compare.loop import run_all
    from unspool.compare.report import command_line
    from unspool.compare.result_tables import Findings
    from unspool.compare.shared_data import share_data
    from unspool.config.values import configuration
    from unspool.data.hub import download
    from unspool.data.inputs import Files
    from unspool.rivals.registry import rivals_of
    from unspool.screens.comparison import ComparisonTable
    from unspool.training.interruption import Interrupted

    parallel = tuple(path for path in (source, target) if path)
    files = download(Files(tuple(data or ()), tuple(valid or ()), parallel), say)
    given = {"data.columns": columns, "device": device}
    given |= {"data.header": header, "data.delimiter": delimiter, "data.encoding": encoding}
    values = configuration(config, settings or [], given)
    comparison = Comparison(files, out, _names(models), seeds, minutes, values)
    shared = share_data(comparison)
    comparison.begin()
    for message in shared.prepared.messages:
        say(message)
    say(f"Of the held-out data {shared.validated:,} validate and {len(shared.test):,} are the test.")
    rows = [(name, 1) for name in rivals_of(shared.task)]
    rows += [(name, seed) for seed in range(1, seeds + 1) for name in comparison.models]
    try:
        with ComparisonTable(shared.metrics[0], rows) as screen:
            results = run_all(comparison, shared, screen)
    except Interrupted as stopped:
        what = f"Interrupted; finished runs and the current one up to update {stopped.update:,} are saved."
        raise Stopped(what, f"Give the same command again, with --out {quote(str(out))}, to continue.") from None
    _write(Findings(comparison, shared, analyse(results, shared.metrics), command_line(sys.argv[1:])), markdown, latex)


def _write(findings: Findings, markdown: Path | None, latex: Path | None) -> None:
    """All files that were asked for, and the answer with the main table to standard output."""
    from unspool.compare import sentences
    from unspool.compare.report import write_latex, write_markdown, write_report
    from unspool.compare.result_tables import main_table
    from unspool.compare.words import Words

    page, words = findings.comparison.out / "report.html", Words("en")
    write_report(page, findings)
    if markdown:
        write_markdown(markdown, findings)
    if latex:
        write_latex(latex, findings)
    for path in (page, markdown, latex):
        if path:
            say(f"Written to {path}.")
    print(sentences.answer(findings.analysis, findings.comparison.minutes, words))
    table = main_table(findings, words)
    print("\n".join(["", *aligned([table.head, *table.rows])]))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise Mistake("--models names no model.", "Example: --models luong,transformer")
    return names


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, in columns; the first two are aligned to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
