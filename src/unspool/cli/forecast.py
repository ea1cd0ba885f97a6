"""`unspool forecast`: the next steps of series, with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unspool.cli.folders import models_and_files
from unspool.cli.processor import Threads, use_threads
from unspool.errors import Mistake
from unspool.screens.console import say, write


def forecast(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL|HISTORY",
            help="Folders of forecasters, several of which are averaged, then one CSV: columns unique_id, ds, y and "
            "covariates, or a series on each line after its name.",
        ),
    ],
    horizon: Annotated[
        int | None, typer.Option(min=1, help="Steps ahead; at most, and by default, those of training.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the forecasts to this CSV. Default: standard output.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line for each series instead.")] = False,
    chart: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Also draw the first series with their intervals.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
) -> None:
    """Forecast series: the mean and quantiles of each step, whose intervals are calibrated on held-out windows.

    A forecaster is trained by 'unspool train series.csv --horizon 48 --out DIR', or by 'unspool run forecast'.
    """
    use_threads(threads)
    import json

    from unspool.forecasts.forecaster import load_forecaster
    from unspool.series.forecast import as_csv, as_json_objects, columns_of_forecasts
    from unspool.storage.atomic import replace

    folders, files = models_and_files(paths)
    if len(files) != 1:
        raise Mistake("A forecast needs one file of series after the model.", "unspool forecast MODEL HISTORY.csv")
    if chart and chart.suffix.lower() != ".png":
        raise Mistake(f"The chart is a PNG, but {chart} does not end in .png.", "Example: --chart forecast.png")
    forecaster = load_forecaster(folders, device)
    table = forecaster.read(files[0])
    series, short = forecaster.long_enough(table.series)
    for message in [*table.messages, *short]:
        say(message)
    found = forecaster.forecast(series, horizon)
    if as_json:
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in as_json_objects(found))
    else:
        text = as_csv(columns_of_forecasts(found))
    if out:
        replace(out, text.encode())
        say(f"Written to {out}.")
    else:
        write(text.removesuffix("\n"))
    if chart:
        from unspool.explain.fan_chart import fan_chart

        for note in fan_chart(chart, series, found):
            say(note)
        say(f"Drawn to {chart}.")
