"""`unspool evaluate`: metrics with confidence intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unspool.cli.folders import MODELS_AND_FILES, models_and_files
from unspool.screens.console import counting, say
from unspool.screens.figures import table


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
