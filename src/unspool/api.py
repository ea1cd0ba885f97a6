"""Training and measuring from Python: `unspool.train`, `unspool.evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from unspool import runs
from unspool.arguments import kind_of, path_of
from unspool.config.values import configuration
from unspool.data.inputs import Files
from unspool.data.spool import spooled
from unspool.errors import Mistake
from unspool.measured import Measured
from unspool.model import Model, load
from unspool.screens.training import TrainingScreen
from unspool.training.interruption import Interrupted
from unspool.training.progress import Report


def train(
    data: Any = None,
    *,
    out: str | Path,
    model: str | None = None,
    valid: Any = None,
    columns: str | None = None,
    config: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    max_minutes: float | None = None,
    device: str | None = None,
    seed: int | None = None,
    resume: bool = False,
    start_from: str | Path | None = None,
    overwrite: bool = False,
    progress: bool = True,
    on_report: Callable[[Report], None] | None = None,
    on_message: Callable[[str], None] | None = None,
) -> Model:
    """Train, and return the trained model, which is also in the folder `out`.

    data:       a file's path, or several; or from memory a list of pairs (source, target), a dict of columns, a list
                of dicts, a data frame of pandas, polars or Arrow. Sources, and targets, may be arrays `[S, F]`.
                Data from memory is also written to `out/data`, so that the run can be resumed
    valid:      the same for validation; default: a part of the data is held out
    columns:    as `--columns`, for example "source=word,target=sounds"; not needed for two columns
    settings:   as `--set` takes them, for example `{"training.epochs": 5, "model.score": "dot"}`
    resume:     continue the stopped run in `out`; data need not be given again
    start_from: start from the weights of this run
    overwrite:  replace the run in `out`
    progress:   show progress and messages, on stderr or in the notebook
    on_report:  called about once a second and at each validation
    on_message: called with each message, which is then not shown
    Raises `Mistake` if the data or a setting breaks a rule, and `Interrupted` after an interruption, with all saved.
    """
    folder = path_of(out, "out")
    given = {"model.name": model, "data.columns": columns, "training.max_minutes": max_minutes}
    given |= {"device": device, "seed": seed}
    values = configuration(_maybe(config, "config"), [], given | _settings(settings))
    screen = TrainingScreen() if progress else None
    with spooled() as spool, screen or nullcontext():

        def tell(message: str) -> None:
            show = on_message or (screen.say if screen else lambda text: None)
            show(spool.spoken(message))

        def report(news: Report) -> None:
            for show in (screen, on_report):
                if show:
                    show(news)

        parts = spool.paths(data, "training"), spool.paths(valid, "validation")
        files = Files(*parts, spool=spool.folder) if any(parts) or not resume else None
        try:
            if resume:
                _refuse({"start_from": start_from, "overwrite": overwrite})
                runs.resume(folder, values, files, on_report=report, on_message=tell)
            else:
                runs.begin(
                    files or Files(), folder, values, start_from=_maybe(start_from, "start_from"), overwrite=overwrite,
                    on_report=report, on_message=tell,
                )  # fmt: skip
        except Interrupted as stopped:
            again = f"unspool.train(out={str(out)!r}, resume=True)"
            tell(f"{stopped.what} Continue with {again}" if stopped.update or resume else stopped.what)
            raise
    return load(folder, values.get("device", "auto"))


def evaluate(model: Model | str | Path, data: Any, **options: Any) -> Measured:
    """Metrics of a model, or of the model in a folder; see `Model.evaluate`."""
    return (model if isinstance(model, Model) else load(path_of(model, "model"))).evaluate(data, **options)


def _settings(settings: object) -> dict[str, Any]:
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        what = f"settings must be a dict, not {kind_of(settings)}."
        raise Mistake(what, 'Give a dict: settings={"training.epochs": 5}')
    return dict(settings)


def _refuse(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if value:
            raise Mistake(f"{name} and resume exclude each other.", "A resumed run keeps what it started with.")


def _maybe(given: object, name: str) -> Path | None:
    return None if given is None else path_of(given, name)
