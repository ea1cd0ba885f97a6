"""A loaded folder forecasts: from series to windows, through the network, and back to values with honest intervals.

A forecaster is an ordinary trained folder whose `run.json` has a section `series`, with `calibration.json` beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool.arguments import paths_of
from unspool.config.series import SeriesConfig
from unspool.decoding.densities import decode_densities
from unspool.decoding.sampling import decode_sample
from unspool.errors import Mistake
from unspool.fields.values import ValuesField
from unspool.loading import load_predictor
from unspool.named_models import find_model
from unspool.plural import counted
from unspool.predictor import Predictor
from unspool.runtime.manifest import usable_model
from unspool.series.calibration import Calibration
from unspool.series.examples import prepared
from unspool.series.forecast import LEVELS, Forecast, columns_of_forecasts
from unspool.series.reading import dialect_of, read_series
from unspool.series.series import Series, SeriesTable
from unspool.series.shape import shape_of
from unspool.types import Array

# Windows that are answered together, and the samples of a model that was trained with teacher forcing.
TOGETHER, SAMPLES = 256, 100


class Forecaster:
    """One trained model that forecasts; several are an ensemble whose quantiles are averaged.

    calibrations: of each model; None leaves its intervals as the network has them
    """

    def __init__(self, predictors: Sequence[Predictor], calibrations: Sequence[Calibration | None]) -> None:
        self.predictors, self.calibrations = predictors, calibrations
        self.config: SeriesConfig = predictors[0].config.series
        for other in predictors[1:]:
            if other.config.series != self.config:
                what = "The models of an ensemble read series in different ways (section series of run.json)."
                raise Mistake(what, "Train them with the same settings of series, and another --seed.")
        self.shape = shape_of(self.config)

    def read(self, data: Any) -> SeriesTable:
        """Series from a file or a frame, written as the training's was, with its covariates."""
        past, known = (_names(names) for names in (self.config.past, self.config.known))
        return read_series(data, past=past, known=known, dialect=dialect_of(self.predictors[0].config.data))

    def forecast(self, series: Sequence[Series], horizon: int | None = None) -> list[Forecast]:
        """The next steps of each series; a longer horizon than in training is a `Mistake`."""
        steps = horizon or self.shape.horizon
        if steps > self.shape.horizon:
            trained = counted(self.shape.horizon, "step", "steps")
            what = f"The model was trained to forecast {trained}, and {steps:,} are wanted."
            raise Mistake(what, f"Train one that does: --horizon {steps}")
        ready = [prepared(one, self.config) for one in series]
        windows = [one.window(len(one.values)) for one in ready]
        quantiles = self.quantiles([window.source for window in windows])
        found = []
        for one, window, own in zip(series, windows, quantiles, strict=True):
            values = window.scale.restore(own)[:steps]
            found.append(Forecast(one.name, one.stamps(len(one), steps), np.exp(values) if self.config.log else values))
        return found

    def long_enough(self, series: Sequence[Series]) -> tuple[list[Series], list[str]]:
        """The series with enough history for a forecast, and a message that names the others; all if none has."""
        ready = [(one, prepared(one, self.config).reaches(len(one.values))) for one in series]
        found, short = ([one for one, enough in ready if enough is wanted] for wanted in (True, False))
        if not short or not found:
            return list(series), []
        names = ", ".join(f"'{one.name}'" for one in short[:3]) + ", …" * (len(short) > 3)
        what = f"Left out: {counted(len(short), 'series', 'series')} with fewer than the {self.shape.least:,} values"
        return found, [f"{what} without a gap at the end that a forecast needs: {names}."]

    def predict(self, data: Any, horizon: int | None = None) -> dict[str, list[Any]]:
        """The forecasts of a file's or frame's series as columns `unique_id`, `ds`, `mean`, `q05`, …, `q95`.

        A data frame can be made of them: `pandas.DataFrame(forecaster.predict(frame))`.
        """
        return columns_of_forecasts(self.forecast(self.long_enough(self.read(data).series)[0], horizon))

    def quantiles(self, sources: Sequence[Array], *, calibrated: bool = True) -> Array:
        """Quantiles `[N, H, Q]` at `LEVELS` of windows, in the units of windows; H is whole blocks."""
        members = [quantiles_of(predictor, sources, self.shape.blocks) for predictor in self.predictors]
        if calibrated:
            pairs = zip(members, self.calibrations, strict=True)
            members = [own if calibration is None else calibration.apply(own) for own, calibration in pairs]
        mean: Array = np.mean(members, axis=0)
        return mean


def quantiles_of(predictor: Predictor, sources: Sequence[Array], blocks: int) -> Array:
    """Quantiles `[N, blocks · block, Q]` of one model."""
    reads, writes = predictor.fields
    assert isinstance(writes, ValuesField)
    found = []
    for first in range(0, len(sources), TOGETHER):
        batch = reads.collate([reads.encode(source) for source in sources[first : first + TOGETHER]])
        one = _marginal if predictor.config.training.feeding == "free" else _sampled
        quantiles = writes.restore(one(predictor, batch, blocks, first))  # [Q, B, blocks, block]
        found.append(np.moveaxis(quantiles.reshape(len(LEVELS), len(batch.lengths), -1), 0, -1))
    return np.concatenate(found)


def load_forecaster(path: str | Path | Sequence[str | Path], device: str = "auto") -> Forecaster:
    """The forecaster of a folder, or the ensemble of several; a folder of another model is a `Mistake`."""
    folders = [find_model(folder) for folder in paths_of(path, "path")]
    members = [load_predictor([folder], device) for folder in folders]
    for folder, member in zip(folders, members, strict=True):
        if member.config.series.horizon is None:
            what = f"{folder} holds a {member.config.model.name} that was not trained to forecast."
            raise Mistake(what, "Train a forecaster: unspool train SERIES.csv --horizon 48 --out DIR")
    return Forecaster(members, [load_calibration(folder) for folder in folders])


def load_calibration(folder: Path) -> Calibration | None:
    """The calibration of a trained or exported folder; None if it has none."""
    path = usable_model(folder) / disk.CALIBRATION
    if not path.exists():
        return None
    try:
        return Calibration.from_json(disk.read_json(path))
    except Mistake as damage:
        raise Mistake(f"{path}: {damage.what}", damage.remedy) from None


def _marginal(predictor: Predictor, batch: Any, blocks: int, first: int) -> Array:
    """`[Q, B, blocks, block]` from the densities of steps that are fed their modes, as in training."""
    distribution = predictor.stepper.distribution
    assert distribution is not None
    parameters = decode_densities(predictor.stepper, batch, blocks)
    return np.stack([distribution.quantile(parameters, float(level)) for level in LEVELS])


def _sampled(predictor: Predictor, batch: Any, blocks: int, first: int) -> Array:
    """`[Q, B, blocks, block]` from sampled paths (Salinas et al. 2020, DeepAR, arXiv:1704.04110)."""
    settings = predictor.decoding({"sample": True, "n_best": SAMPLES, "max_length": blocks})
    numbers = list(range(first, first + len(batch.lengths)))
    answers = decode_sample(predictor.stepper, batch, settings, numbers)
    paths = np.array([[one.output for one in paths] for paths in answers])
    quantiles: Array = np.quantile(paths, LEVELS, axis=1)
    return quantiles


def _names(names: str | None) -> list[str]:
    return [name for name in (names or "").split(",") if name]
