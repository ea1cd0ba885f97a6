"""`unspool train`: from a table of pairs to a trained folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unspool.cli.folders import asking
from unspool.cli.forecast_figures import forecasts_series
from unspool.cli.processor import Threads, use_threads
from unspool.cli.reading import Delimiter, Encoding, Header, Source, Target, TrainingColumns, ValidSource, ValidTarget
from unspool.errors import Mistake
from unspool.screens.console import Stopped, counting, say

if TYPE_CHECKING:
    from unspool.data.inputs import Files

Paths = list[Path]


def model_names() -> list[str]:
    """What a shell completes `--model` with."""
    from unspool.models.registry import models

    return sorted(models())


def train(
    data: Annotated[
        Paths | None,
        typer.Argument(
            help="TSV (source, tab, target), CSV, JSONL, Parquet or hub:OWNER/NAME, or a text for graves; also .gz, "
            ".zst; '-': stdin."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write.")] = None,
    model: Annotated[
        str | None,
        typer.Option(
            autocompletion=model_names, help="See 'unspool models'. Default: for labels han or classifier, else luong."
        ),
    ] = None,
    valid: Annotated[Paths | None, typer.Option(help="Validation data. Default: 5 % are held out.")] = None,
    source: Source = None,
    target: Target = None,
    valid_source: ValidSource = None,
    valid_target: ValidTarget = None,
    columns: TrainingColumns = None,
    header: Header = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting such as training.epochs=5; repeat for more."),
    ] = None,
    max_minutes: Annotated[float | None, typer.Option(help="Stop after this time; the schedule adapts.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    threads: Threads = None,
    seed: Annotated[int | None, typer.Option(help="Random seed. Default: 1.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue the stopped run of this folder.")] = False,
    start_from: Annotated[
        Path | None, typer.Option("--from", help="Start from the weights of another run, on new data.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the run in the folder.")] = False,
    horizon: Annotated[
        int | None, typer.Option(min=1, help="Train a forecaster of so many steps; DATA is one CSV of series.")
    ] = None,
    season: Annotated[
        str | None, typer.Option(help="Steps of a season of series: 24, or 24,168. Default: from dates or values.")
    ] = None,
    find_rate: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Only search for a good learning rate, and draw the losses.")
    ] = None,
) -> None:
    """Train a model on a table of pairs, or on running text."""
    use_threads(threads)
    from unspool.config.values import configuration
    from unspool.data.inputs import Files
    from unspool.plural import counted
    from unspool.screens.figures import counted_noun
    from unspool.screens.report import clock, figures_line
    from unspool.screens.training import TrainingScreen
    from unspool.training.interruption import Interrupted, Interruption

    given = {"model.name": model, "data.columns": columns, "training.max_minutes": max_minutes}
    given |= {"device": device, "seed": seed, "threads": threads}
    given |= {"series.horizon": horizon, "series.season": season}
    given |= {"data.header": header, "data.delimiter": delimiter, "data.encoding": encoding}
    values = configuration(config, settings or [], given)
    files = Files.given(all_of(data), all_of(valid), all_of([source, target]), all_of([valid_source, valid_target]))
    if find_rate:
        _refuse(
            {"--resume": resume, "--from": start_from, "--overwrite": overwrite, "--horizon": horizon},
            "--find-rate",
            "It starts a new training",
        )
        print(f"training.learning_rate={_find_rate(files or Files(), values, find_rate):g}")
        return
    if not out:
        raise Mistake("There is no folder to write the run to.", "Name one: --out DIR")
    try:
        with Interruption(), TrainingScreen() as screen:
            # PyTorch takes seconds, and a signal may come already
            from unspool import runs
            from unspool.forecasts import forecasting

            if resume:
                _refuse(
                    {"--from": start_from, "--overwrite": overwrite},
                    "--resume",
                    "A resumed run keeps what it started with",
                )
                again = forecasting.resume if forecasts_series(out) else runs.resume
                run = again(out, values, files, on_report=screen, on_message=screen.say)
            elif values.get("series", {}).get("horizon"):
                _refuse({"--from": start_from, "--valid": valid}, "--horizon", "A forecaster starts anew")
                table = forecasting.read(only_one(data), values)
                run = forecasting.begin(
                    table, out, values, overwrite=overwrite, on_report=screen, on_message=screen.say
                )
            else:
                run = runs.begin(
                    files or Files(), out, values, start_from=start_from, overwrite=overwrite,
                    on_report=screen, on_message=screen.say,
                )  # fmt: skip
    except Interrupted as stopped:
        how = f"Continue with: unspool train --resume --out {quote(str(out))}"
        raise Stopped(stopped.what, how if stopped.update or resume else "Start it again: the same command.") from None
    done, metric = run.progress, run.metric.replace("_", " ")
    updates = counted(done.update, "update", "updates")
    say(f"Trained for {clock(done.seconds)} ({updates}); best {metric} {done.best:.2f}.")
    if run.figures:
        measured = f"{run.figures['n']:,} {counted_noun(run.figures)} of the validation data"
        say(f"On all {measured}, as evaluate measures: {figures_line(run.figures)}.")
    say(f"The model is in {out}. Next: {asking(out)}")


def _find_rate(files: Files, values: dict[str, Any], picture: Path) -> float:
    from unspool import runs
    from unspool.explain import rates
    from unspool.training.range_test import UPDATES

    if picture.suffix.lower() != ".png":
        raise Mistake(f"The picture is a PNG, but {picture} does not end in .png.", "Example: --find-rate rates.png")
    with counting(UPDATES, "updates") as count:
        test = runs.find_rate(files, values, on_update=count, on_message=say)
    rates.picture(test.rates, test.losses, test.smoothed, test.suggestion, picture)
    say(f"The loss falls fastest at the rate below; see {picture}. Use it with --set.")
    return test.suggestion


def _refuse(flags: dict[str, object], beside: str, reason: str) -> None:
    for flag, value in flags.items():
        if value:
            raise Mistake(f"{flag} cannot be combined with {beside}.", f"{reason}; leave the flag out.")


def only_one(data: Sequence[Path] | None) -> Path:
    """The one file of series of a forecaster."""
    if not data or len(data) != 1:
        raise Mistake(
            "A forecaster is trained on one file of series.", "unspool train SERIES.csv --horizon 48 --out DIR"
        )
    return data[0]


def all_of(paths: Sequence[Path | None] | None) -> tuple[Path, ...]:
    """The paths that are given."""
    return tuple(path for path in paths or () if path)
