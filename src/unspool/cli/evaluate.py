"""`unspool evaluate`: metrics with confidence intervals."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from unspool.cli.folders import MODELS_AND_FILES, models_and_files
from unspool.screens.console import counting, say

# A confusion matrix with more labels than this is not printed, because it is too wide to read; --json has it.
SHOWN_LABELS = 24


def evaluate(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar=MODELS_AND_FILES,
            help="Trained or exported folders, then test files in the format of the training data. Several models "
            "form an ensemble: their probabilities are averaged.",
        ),
    ],
    source: Annotated[Path | None, typer.Option(help="Parallel text instead of a table: the file of sources.")] = None,
    target: Annotated[Path | None, typer.Option(help="Parallel text instead of a table: the file of targets.")] = None,
    beam: Annotated[int | None, typer.Option(help="Beam width; 1 is greedy search.")] = None,
    length_penalty: Annotated[
        float | None, typer.Option(help="Alpha of the length penalty; 0 prefers short answers.")
    ] = None,
    coverage_penalty: Annotated[
        float | None,
        typer.Option(help="Beta of the coverage penalty; above 0, a beam prefers answers that cover the whole source."),
    ] = None,
    replace_unknown: Annotated[
        str | None,
        typer.Option(
            metavar="source|DICTIONARY", help="Replace unknown words as in predict, before answers are compared."
        ),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(help="exact_match, symbol_error_rate, bleu, chrf, ter, accuracy or macro_f1; repeat for more."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the metrics to this file.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Evaluate a model on test files: answers against all references, or bits per character of running text."""
    from unspool.data.inputs import Files
    from unspool.folder import write_json
    from unspool.model import load

    folders, tests = models_and_files(paths)
    trained = load(folders, device)
    read = trained.examples(Files(tuple(tests), aligned=tuple(path for path in (source, target) if path)))
    with counting(len(read.examples), "evaluating") as count:
        evaluated = trained.measure(
            read.examples, metrics=metric, on_done=count,
            beam=beam, length_penalty=length_penalty, coverage_penalty=coverage_penalty,
            replace_unknown=replace_unknown,
        )  # fmt: skip
    figures = evaluated.to_json()
    for message in [*read.messages, *evaluated.messages()]:
        say(message)
    if json_file:
        write_json(json_file, figures)
        say(f"Written to {json_file}.")
    print(table(figures))


def table(figures: dict[str, Any]) -> str:
    """The metrics as lines of text: a name, a value, its interval."""
    counted = "characters" if "bits_per_character" in figures else "sources"
    lines = [f"{counted:<18} {figures['n']:>8,}"]
    for name in [name for name in figures if f"{name}_low" in figures]:
        low, high = figures[f"{name}_low"], figures[f"{name}_high"]
        lines.append(f"{name.replace('_', ' '):<18} {figures[name]:>8.2f}   95 %: {low:.2f} to {high:.2f}")
    if "signature" in figures:
        lines.append(f"{'signature':<18} {figures['signature']}")
    lines.append(f"{'seconds':<18} {figures['seconds']:>8.1f}")
    return "\n".join([*lines, *confusion(**figures.get("confusion", {"labels": [], "counts": []}))])


def confusion(labels: list[str], counts: list[list[int]]) -> list[str]:
    """A line for each right label with the counts of the predicted labels; nothing if there are too many labels."""
    if not 0 < len(labels) <= SHOWN_LABELS:
        return []
    widths = [
        max(len(label), len(str(max(column)))) for label, column in zip(labels, zip(*counts, strict=True), strict=True)
    ]
    margin = max(map(len, labels))

    def line(first: str, cells: Iterable[object]) -> str:
        return "  ".join(
            [f"{first:<{margin}}", *(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True))]
        )

    rows = [line(label, row) for label, row in zip(labels, counts, strict=True)]
    return ["", "rows: right labels, columns: predicted labels", line("", labels), *rows]
