"""One model that is served: it answers batches, and can be replaced by what its folder holds now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from unspool import folder as disk
from unspool.answers.answer import Prediction
from unspool.answers.following import Following
from unspool.answers.permitted import Permitted
from unspool.config import DecodingConfig
from unspool.errors import Mistake
from unspool.fields.field import Decoded
from unspool.forecasts.forecaster import Forecaster, load_calibration
from unspool.loading import load_predictor
from unspool.named_models import find_model
from unspool.predictor import Predictor
from unspool.runtime.manifest import INSIDE, MANIFEST, usable_model
from unspool.runtime.stepper import OnnxStepper
from unspool.serve.batcher import Batcher
from unspool.serve.failures import Failure
from unspool.serve.forecasts import forecast_table
from unspool.serve.job import AnswerGrown, AnswerReady, Event, Job, JobFailed, Piece, TraceReady
from unspool.serve.logs import LOG
from unspool.serve.options import ServeOptions
from unspool.serve.rendering import without_attention

# The files whose change means other answers.
WATCHED = (
    disk.RUN, disk.WEIGHTS, disk.LEXICON, disk.CALIBRATION, disk.JOINT_NGRAM, MANIFEST, f"{INSIDE}/{MANIFEST}",
    *disk.FIELDS.values(),
)  # fmt: skip
# Lists of permitted answers, and settings of decoding, that are kept ready.
KEPT, KEPT_SETTINGS = 16, 256

# Called after each batch with the model's name, its sources and its seconds.
OnBatch = Callable[[str, int, float], object]


class Loaded(NamedTuple):
    """What a folder held when it was loaded, in seconds since 1970, and what is kept ready for it."""

    predictor: Predictor
    at: int
    permitted: dict[tuple[str, ...], Permitted | None]
    settings: dict[tuple[Any, ...], DecodingConfig]
    forecaster: Forecaster | None


class Served:
    """A model under a name. A batch that has begun ends with the model that it began with."""

    def __init__(self, name: str, folder: Path, options: ServeOptions, device: str, on_batch: OnBatch) -> None:
        self.name, self.folder, self._device, self._on_batch = name, folder, device, on_batch
        self._limits = {"beam": options.max_beam, "n_best": options.max_n_best, "max_length": options.max_length}
        self._load()
        self.batcher = Batcher(
            self.answer,
            name,
            max_batch=options.max_batch,
            batch_wait=options.batch_wait,
            max_queue=options.max_queue,
        )

    @property
    def predictor(self) -> Predictor:
        """The one that answers from now on."""
        return self._loaded.predictor

    @property
    def horizon(self) -> int | None:
        """The most steps that a forecaster forecasts; None for other models."""
        return self.predictor.config.series.horizon

    def reload(self) -> None:
        """Load the folder again; if it cannot be loaded the model stays as it is, and the reason is a `Mistake`."""
        self._load()
        LOG.info("%s reloaded: %s", self.name, self.predictor.engine)

    def changed(self) -> bool:
        """Whether the folder's files are not those that were loaded, or tried last."""
        return _stamp(self.folder) != self._stamp

    def settings(self, asked: Mapping[str, Any]) -> DecodingConfig:
        """The model's settings of decoding, changed by what is asked; the same object for the same question.

        So those who share a batch are found without comparing all settings. Answers end where the server's limit is.
        """
        loaded, key = self._loaded, tuple(asked.values())
        if key not in loaded.settings:
            if len(loaded.settings) >= KEPT_SETTINGS:
                loaded.settings.clear()
            found = loaded.predictor.decoding(asked)
            if asked.get("max_length") is None:
                found = found.model_copy(update={"max_length": min(found.max_length, self._limits["max_length"])})
            loaded.settings[key] = found
        return loaded.settings[key]

    def answer(self, batch: Sequence[Piece]) -> None:
        """Answer the pieces of one batch, and tell each job."""
        begun = time.perf_counter()
        self._answer(self._loaded, batch)
        self._on_batch(self.name, len(batch), time.perf_counter() - begun)

    def _load(self) -> None:
        self._stamp = _stamp(self.folder)
        predictor = load_predictor([self.folder], self._device)
        is_forecaster = predictor.config.series.horizon is not None
        forecaster = Forecaster([predictor], [load_calibration(find_model(self.folder))]) if is_forecaster else None
        if isinstance(predictor.stepper, OnnxStepper):
            predictor.stepper.prepare()  # later, the folder may hold another model
        self._loaded = Loaded(predictor, int(time.time()), {}, {}, forecaster)

    def _answer(self, loaded: Loaded, batch: Sequence[Piece]) -> None:
        """An error in a batch of several jobs is looked for in each of them, so that it reaches only its own."""
        try:
            events = _events(loaded, batch)
        except Exception as error:
            jobs = {id(piece.job): piece.job for piece in batch}
            if len(jobs) == 1:
                if not isinstance(error, Mistake | Failure):
                    LOG.exception("%s failed", self.name)
                batch[0].job.put(JobFailed(error))
                return
            for job in jobs.values():
                self._answer(loaded, [piece for piece in batch if piece.job is job])
            return
        for piece, event in zip(batch, events, strict=True):
            if piece.job.wanted:  # otherwise the search was broken off
                piece.job.put(event)

    def to_json(self) -> dict[str, Any]:
        """What there is to know about it, as `/v1/models` writes it."""
        predictor = self.predictor
        task, decoding = predictor.fields.task, predictor.config.decoding
        return {
            "id": self.name,
            "object": "model",
            "created": self._loaded.at,
            "owned_by": "unspool",
            "architecture": predictor.config.model.name,
            "reads": task.source,
            "writes": task.target,
            "max_source": predictor.limit,
            "decoding": {"beam": decoding.beam, "n_best": decoding.n_best, "max_length": decoding.max_length},
            "limits": self._limits,
            "horizon": self.horizon,
            "engine": predictor.engine.partition(":")[0],
        }


def _events(loaded: Loaded, batch: Sequence[Piece]) -> Sequence[Event]:
    """What each piece gets."""
    if (asked := batch[0].job.forecasting) is not None:
        assert loaded.forecaster is not None
        return [forecast_table(loaded.forecaster, piece.job.sources[0], asked) for piece in batch]
    if batch[0].job.tracing is not None:
        return [_trace(loaded, piece.job) for piece in batch]
    return [
        AnswerReady(piece.place, prediction if piece.job.attention else without_attention(prediction))
        for piece, prediction in zip(batch, _predict(loaded, batch), strict=True)
    ]


def _trace(loaded: Loaded, job: Job) -> TraceReady:
    assert job.tracing is not None
    following, settings = Following(lambda _: job.wanted), job.settings.model_dump()
    return TraceReady(loaded.predictor.trace(job.sources[0], following=following, **job.tracing._asdict(), **settings))


def _predict(loaded: Loaded, batch: Sequence[Piece]) -> list[Prediction]:
    first = batch[0].job

    def wants(number: int) -> bool:
        return batch[number].job.wanted

    def on_text(number: int, answer: Decoded) -> None:
        if batch[number].job.grows:
            batch[number].job.put(AnswerGrown(batch[number].place, answer))

    prefixes = [piece.job.prefixes[piece.place] for piece in batch] if first.prefixes else ""
    return loaded.predictor.predict(
        [piece.job.sources[piece.place] for piece in batch],
        prefix=prefixes,
        allow=None if first.allow is None else _permit(loaded, first.allow),
        at_least=first.at_least,
        lexicon=first.lexicon,
        start=[piece.place for piece in batch],
        following=Following(wants, on_text if any(piece.job.grows for piece in batch) else None),
        **first.settings.model_dump(),
    )


def _permit(loaded: Loaded, allow: tuple[str, ...]) -> Permitted | None:
    """Permitted answers, made once for many requests."""
    kept = loaded.permitted
    if allow not in kept:
        if len(kept) >= KEPT:
            kept.pop(next(iter(kept)))
        kept[allow] = loaded.predictor.permitted(list(allow))
    return kept[allow]


def _stamp(folder: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """The times and sizes of the files that make a model."""
    here = usable_model(folder)
    return tuple(_times(here / name) for name in WATCHED)


def _times(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
