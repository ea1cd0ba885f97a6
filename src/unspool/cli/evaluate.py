"""`unspool evaluate`: metrics with confidence intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from unspool.cli.evaluated_models import differences, measure, short_names, write_errors_of
from unspool.cli.figures import comparison, reliability_table
from unspool.cli.folders import MODELS_AND_FILES, models_and_files
from unspool.cli.forecast_figures import evaluate_series, forecasts_series
from unspool.cli.processor import Threads, use_threads
from unspool.cli.reading import Columns, Delimiter, Encoding, Header
from unspool.screens.console import say, write
from unspool.screens.figures import table


def evaluate(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar=MODELS_AND_FILES,
            help="Trained or exported folders, then test files in the format of the training data. Several models "
            "are compared with the first.",
        ),
    ],
    source: Annotated[Path | None, typer.Option(help="Parallel text instead of a table: the file of sources.")] = None,
    target: Annotated[Path | None, typer.Option(help="Parallel text instead of a table: the file of targets.")] = None,
    columns: Columns = None,
    header: Header = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    beam: Annotated[int | None, typer.Option(help="Beam width; 1 is greedy search.")] = None,
    length_penalty: Annotated[
        float | None, typer.Option(help="Alpha of the length penalty; 0 prefers short answers.")
    ] = None,
    coverage_penalty: Annotated[
        float | None,
        typer.Option(help="Beta of the coverage penalty; above 0, a beam prefers answers that cover the whole source."),
    ] = None,
    joint_weight: Annotated[
        float | None,
        typer.Option(help="Weight of the joint n-gram model, if there is one, in the order of a beam's answers."),
    ] = None,
    replace_unknown: Annotated[
        str | None,
        typer.Option(
            metavar="source|DICTIONARY", help="Replace unknown words as in predict, before answers are compared."
        ),
    ] = None,
    lexicon: Annotated[
        bool, typer.Option("--lexicon/--no-lexicon", help="Whether the folder's lexicon.tsv goes before the model.")
    ] = True,
    metric: Annotated[
        list[str] | None,
        typer.Option(help="exact_match, symbol_error_rate, bleu, chrf, ter, accuracy or macro_f1; repeat for more."),
    ] = None,
    bleu_tokenizer: Annotated[
        str | None,
        typer.Option(help="BLEU's tokenizer, such as 13a, char, zh or intl. Default: the one that suits the script."),
    ] = None,
    ensemble: Annotated[
        bool, typer.Option("--ensemble", help="Evaluate several models as one: their probabilities are averaged.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="Another model to compare with, such as a single one with an ensemble.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(
            help="Write each source with its answer, score and edits to this .tsv, .jsonl or .html file, and print "
            "figures by length and by tag, and the most frequent edits."
        ),
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            help="Also the share of sources that get an answer of at least this confidence, and of right ones."
        ),
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option("--calibrate", help="Keep in the model's folder how sure its answers may be, as these show it."),
    ] = False,
    rolling: Annotated[
        int, typer.Option(min=1, help="Forecasters: from so many points of the past, a horizon apart.")
    ] = 1,
    season: Annotated[
        str | None, typer.Option(help="Forecasters: the season of MASE and of rivals. Default: the shortest.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the metrics to this file.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
) -> None:
    """Evaluate a model on test files: answers against all references, or bits per character of running text.

    Several models are evaluated on the same sources, and a paired test tells whether they differ from the first.
    """
    use_threads(threads)
    from unspool.data.inputs import Files
    from unspool.folder import write_json
    from unspool.report.errors import check_path

    if errors:
        check_path(errors)
    folders, tests = models_and_files(paths)
    if forecasts_series(folders[0]):
        evaluate_series(folders, tests, rolling=rolling, season=season, json_file=json_file, device=device)
        return
    files = Files(tuple(tests), aligned=tuple(path for path in (source, target) if path))
    asked = [folders] if ensemble else [[folder] for folder in folders]
    options: dict[str, Any] = {
        "metrics": metric, "bleu_tokenizer": bleu_tokenizer, "beam": beam, "length_penalty": length_penalty,
        "coverage_penalty": coverage_penalty, "replace_unknown": replace_unknown, "lexicon": lexicon,
        "at_least": at_least, "joint_weight": joint_weight,
    }  # fmt: skip
    given = {"columns": columns, "header": header, "delimiter": delimiter, "encoding": encoding}
    measured = [measure(each, device, files, given, options) for each in [*asked, *([[against]] if against else [])]]
    first, *others = measured
    if calibrate:
        first.model.keep_confidence(first.evaluated)
    figures = first.evaluated.to_json()
    if not others:
        write(table(figures))
    else:
        tests_of = [differences(first, other) for other in others]
        names, each = short_names([one.name for one in measured]), [one.evaluated.to_json() for one in measured]
        write(comparison(names, each, tests_of))
        figures["compared"] = [
            {"model": one.name} | found | {"difference": {key: test._asdict() for key, test in of_model.items()}}
            for one, found, of_model in zip(others, each[1:], tests_of, strict=True)
        ]
    if at_least is not None:
        write("\n".join(reliability_table(figures)))
    if calibrate:
        say(f"The confidence of its answers is calibrated, and kept in {first.name}.")
    if errors:
        write_errors_of(errors, first)
    if json_file:
        write_json(json_file, figures)
        say(f"Written to {json_file}.")
