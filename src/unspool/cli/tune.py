"""`unspool tune`: from a table of pairs to a file of settings that suit it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from shlex import join, quote
from typing import TYPE_CHECKING, Annotated

import typer

from unspool.cli.processor import Threads, use_threads
from unspool.cli.reading import Delimiter, Encoding, Header, Source, Target, TrainingColumns, ValidSource, ValidTarget
from unspool.cli.train import all_of, model_names
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.screens.console import Stopped, say

if TYPE_CHECKING:
    from unspool.tune.search import Search
    from unspool.tune.study import Best, Study

BEST = "best.toml"
Paths = list[Path]


def tune(
    data: Annotated[Paths | None, typer.Argument(help="The data, as 'unspool train' takes it.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder of the search; begun there, it continues.")] = None,
    model: Annotated[
        str | None, typer.Option(autocompletion=model_names, help="See 'unspool models'. Default: as in train.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="Of each trial.")] = 5.0,
    trials: Annotated[int, typer.Option(min=1, help="How many in all, over all processes.")] = 20,
    storage: Annotated[
        str | None, typer.Option(help="A file or URL of the study, to share it. Default: study.db in the folder.")
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
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings that all trials share.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting that all trials share; it is not searched."),
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    threads: Threads = None,
    seed: Annotated[int | None, typer.Option(help="Random seed. Default: 1.")] = None,
) -> None:
    """Search settings that suit the data, and write them to a file for 'unspool train --config'.

    Every trial trains for the same time. One that is worse than most at the same place ends early. Several processes or
    machines may share a study: give each the same --storage.
    """
    use_threads(threads)
    from unspool.config.values import configuration
    from unspool.data.hub import download
    from unspool.data.inputs import Files
    from unspool.screens.tuning import TuningScreen
    from unspool.setup.recognition import with_model
    from unspool.training.interruption import Interrupted
    from unspool.tune.search import Search, search
    from unspool.tune.study import Study, url_of

    if not out:
        raise Mistake("There is no folder to write the search to.", "Name one: --out DIR")
    given = {"model.name": model, "data.columns": columns, "device": device, "seed": seed, "threads": threads}
    given |= {"data.header": header, "data.delimiter": delimiter, "data.encoding": encoding}
    values = configuration(config, settings or [], given)
    files = Files.given(all_of(data), all_of(valid), all_of([source, target]), all_of([valid_source, valid_target]))
    files = download(files or Files(), say)
    values, messages = with_model(values, files)
    for message in messages:
        say(message)
    work = Search(files, values, minutes, trials, out)
    study = Study(url_of(storage, out), work.space, work.about(), values.get("seed", 1))
    say(f"{counted(trials, 'trial', 'trials')} of {_minutes(minutes)} with {work.model}: {', '.join(work.space)}.")
    try:
        with TuningScreen(trials) as screen:
            best = search(work, study, screen, say)
    except (Interrupted, KeyboardInterrupt):
        raise Stopped("Interrupted; finished trials are kept.", "Continue with the same command.") from None
    _finish(work, study, best)


def _finish(work: Search, study: Study, best: Best | None) -> None:
    """Write the file of settings and say how they were found."""
    if study.running:
        say(f"Trials that still run in other processes: {study.running}.")
    if best is None:
        raise Mistake("No trial has reached its end.", "Give more trials: --trials N")
    path = work.out / BEST
    write_best(path, work, study, best)
    say(f"{_of(study)}: trial {best.number + 1}, {best.metric.replace('_', ' ')} {best.figure:.2f}.")
    say(f"Its settings are in {path}. Next: unspool train DATA --config {quote(str(path))} --out DIR")


def write_best(path: Path, work: Search, study: Study, best: Best) -> None:
    """The best trial's settings as a file, with comments that tell how they were found."""
    from unspool import __version__
    from unspool.storage.atomic import replace
    from unspool.tune.search import tried
    from unspool.tune.toml import to_toml

    values = tried(work, best.params)
    values["training"] = {"max_minutes": work.minutes, "metric": best.metric} | values.get("training", {})
    names = ", ".join(map(str, work.files.paths()))
    comments = [
        f"{best.metric.replace('_', ' ')} {best.figure:.2f} on the validation data of {names}",
        f"{_of(study)}. Each had {_minutes(work.minutes)}.",
        f"Searched: {', '.join(work.space)}.",
        f"{join(['unspool', *sys.argv[1:]])}",
        f"unspool {__version__}, {date.today().isoformat()}, trial {best.number + 1}.",
    ]
    replace(path, to_toml(values, [" ".join(comment.split()) for comment in comments]).encode())


def _of(study: Study) -> str:
    return f"The best of {counted(study.tried, 'trial', 'trials')}, {study.stopped_early} of them stopped early"


def _minutes(count: float) -> str:
    return f"{count:g} minute" + "s" * (count != 1)
