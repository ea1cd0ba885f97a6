"""`unspool score`: the log-probability that a model gives to given targets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspool.cli.folders import MODELS_AND_FILES, models_and_files
from unspool.cli.processor import Threads, use_threads
from unspool.cli.reading import Columns, Delimiter, Encoding, Header
from unspool.screens.console import counting, say, write

if TYPE_CHECKING:
    from unspool.answers.answer import Score


def score(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar=MODELS_AND_FILES,
            help="Trained or exported folders, then tables of pairs. Several models form an ensemble: their "
            "probabilities are averaged.",
        ),
    ],
    source: Annotated[Path | None, typer.Option(help="Parallel text instead of a table: the file of sources.")] = None,
    target: Annotated[Path | None, typer.Option(help="Parallel text instead of a table: the file of targets.")] = None,
    columns: Columns = None,
    header: Header = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with source and target.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
) -> None:
    """Score given targets: the log-probability of each pair's target, given its source.

    Each line has the log-probability in nats, the number of symbols (EOS included), and the mean for each symbol.
    """
    use_threads(threads)
    from unspool.answers.answer import messages_of
    from unspool.data.inputs import Files
    from unspool.model import load

    folders, tables = models_and_files(paths)
    trained = load(folders, device)
    files = Files(tuple(tables), aligned=tuple(path for path in (source, target) if path))
    read = trained.pairs(files, columns=columns, header=header, delimiter=delimiter, encoding=encoding)
    with counting(len(read.pairs), "scoring") as count:
        scores = trained.score([(pair.source, pair.target) for pair in read.pairs], on_done=count)
    limit = trained.config.data.max_source
    for message in [*read.messages, *messages_of((score.notes for score in scores), limit)]:
        say(message)
    for each in scores:
        write(json.dumps(each.to_json(), ensure_ascii=False) if as_json else _line(each))


def _line(score: Score) -> str:
    return f"{score.log_prob:.6f}\t{score.symbols}\t{score.per_symbol:.6f}"
