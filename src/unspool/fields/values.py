"""Sequences of real values `[S, F]`: measurements, pictures as rows of points, sounds, series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from unspool.config import DataConfig
from unspool.config.data import FrameSettings
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Decoded, Encoded, Field, Fitted, Item, Raw, Side
from unspool.fields.padding import Flat
from unspool.plural import counted
from unspool.text.tokenizer import NOTHING
from unspool.types import Array, Dimension, Values

# What a column of sound is called where the others have a tokenizer.
SOUND = "sound"
# Steps of an excerpt.
SHOWN = 4
LARGEST = float(np.finfo(np.float32).max)


class ValuesField(Field):
    """Each of F features is scaled to mean 0 and deviation 1 over the training data; answers are scaled back.

    Statistics and scaling are float64, since values may be far from zero and near to each other, as times of a day in
    seconds since 1970 are. What a network gets is float32.
    """

    kind = "values"
    dimension_type = Values
    # Its kind on disk.
    stored = "reals"
    container = "arrays"
    smoothed = False
    unit = "steps"

    def __init__(self, mean: Array, deviation: Array, sound: FrameSettings | None = None) -> None:
        """sound: how sound became these values, if they are frames of sound; see `audio.frames`."""
        self.mean, self.deviation = mean.astype(np.float64), deviation.astype(np.float64)
        self.sound = sound

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """Mean and deviation over all rows of all sequences; the deviation of a constant feature is 1."""
        values = np.concatenate([*columns[0].cells()]).astype(np.float64, copy=False)
        mean = values.mean(0)
        deviation = (values - mean).std(0)
        # Of a constant feature there may be a rest of rounding.
        varies = deviation > np.abs(mean) * np.finfo(np.float64).eps * 8
        sound = config.frames if columns[0].tokenizer == SOUND else None
        return Fitted(cls(mean, np.where(varies, deviation, 1.0), sound), [])

    def to_json(self) -> dict[str, Any]:
        """`kind`, `mean` and `deviation`, and `sound` if the values are frames of sound."""
        sound = {} if self.sound is None else {"sound": self.sound._asdict()}
        return {"kind": self.stored, "mean": self.mean.tolist(), "deviation": self.deviation.tolist()} | sound

    @classmethod
    def from_json(cls, data: dict[str, Any], config: DataConfig, side: Side) -> Self:
        """See `Field.from_json`."""
        mean, deviation = (np.array(data[name], dtype=np.float64) for name in ("mean", "deviation"))
        finite = np.isfinite(mean).all() and np.isfinite(deviation).all()
        if mean.ndim != 1 or not len(mean) or mean.shape != deviation.shape or not finite or not (deviation > 0).all():
            raise Mistake("Means and deviations are lists of numbers.", "Copy the file again.")
        sound = DataConfig.model_validate(data["sound"]).frames if "sound" in data else None
        return cls(mean, deviation, sound)

    @property
    def dimension(self) -> Dimension:
        """F features."""
        return Values(len(self.mean))

    @property
    def summary(self) -> str:
        """The number of features."""
        return f"{'frames of sound' if self.sound else 'real values'}, {len(self.mean):,} a step"

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """The scaled values `[S, F]`; a text or another F is a `Mistake`."""
        if not isinstance(raw, np.ndarray):
            shown = f"the text '{raw[:40]}'" if isinstance(raw, str) else f"a {type(raw).__name__}"
            raise Mistake(
                f"The model needs real values, and got {shown}.",
                "Give it an .npz file, a folder of sequences, or a table of them.",
            )
        if raw.ndim != 2 or raw.shape[1] != len(self.mean):
            wanted = counted(len(self.mean), "value", "values")
            what = f"The model was trained on {wanted} a row, and got an array of shape {raw.shape}."
            raise Mistake(what, "Give arrays [S, F] of the same F as in training.")
        if wrong := first_wrong_row(raw):
            raise Mistake(f"A sequence has a wrong value: {wrong}.", "Give finite numbers.")
        scaled = (raw.astype(np.float64, copy=False) - self.mean) / self.deviation
        if len(far := np.flatnonzero((np.abs(scaled) > LARGEST).any(1))):
            row = int(far[0])
            what = f"A sequence has a value too far from those of training: row {row:,} is {raw[row][:4].tolist()}"
            raise Mistake(f"{what}, and their mean {self.mean[:4].tolist()}.", "Are they in the same units?")
        return scaled.astype(np.float32)

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """See `Field.encode_many`."""
        lengths = np.array([len(raw) for raw in raws], dtype=np.int64)
        return Encoded((Flat(np.concatenate([self.encode(raw) for raw in raws]), lengths),))

    def unknown(self, item: Item) -> int:
        """0, because there are no symbols."""
        return 0

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """Float32."""
        return [(np.dtype(np.float32), (len(self.mean),))]

    def decode(
        self, output: Sequence[int] | Array, source: Item = None, unknown: Mapping[int, str] = NOTHING
    ) -> Decoded:
        """The values on the scale of the data; in the text, spaces separate numbers and commas separate steps."""
        values = self.restore(np.asarray(output))
        digits = self._digits()
        tokens = [
            " ".join(f"{value:.{count}g}" for value, count in zip(step, digits, strict=True))
            for step in values.tolist()
        ]
        return Decoded(", ".join(tokens), tokens, values)

    def restore(self, values: Array) -> Array:
        """Values `[..., F]` of the network on the scale of the data, in float64."""
        restored: Array = values.astype(np.float64) * self.deviation + self.mean
        return restored

    def _digits(self) -> list[int]:
        """Significant digits of each feature in a text: six of what varies, after those of a mean far from zero."""
        far = np.log10(np.maximum(np.abs(self.mean) / self.deviation, 1)).astype(int)
        return np.minimum(6 + far, 17).tolist()  # type: ignore[no-any-return]

    def display(self, item: Item) -> list[str]:
        """The numbers of the positions."""
        return [str(number) for number in range(len(item))]

    def excerpt(self, raw: Raw) -> str:
        """The first steps, and how many there are."""
        steps = [" ".join(f"{value:.3g}" for value in step) for step in raw[:SHOWN].tolist()]
        more = f", … ({len(raw):,} steps)" if len(raw) > SHOWN else ""
        return ", ".join(steps) + more

    def symbols(self, raw: Raw) -> list[str]:
        """A `Mistake`, because there are no symbols."""
        raise Mistake("Real values have no words that could replace unknown ones.", "Leave --replace-unknown out.")

    def longest_answer(self, longest: int, config: DataConfig) -> int:
        """The longest of training, because real values have no EOS."""
        return longest

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """The negative log-likelihood of the right values, and the error of the model's own."""
        return ["nll", "rmse"], "nll"

    def log_volume(self, item: Item) -> float:
        """`T Σ_f log deviation_f`."""
        return len(item) * float(np.log(self.deviation.astype(np.float64)).sum())


def first_wrong_row(values: Array) -> str:
    """What is wrong with the first row `[F]` of `[S, F]` that is not finite, or too large for float32; else ""."""
    if values.dtype.kind != "f":
        return ""
    wrong = np.flatnonzero(~(np.abs(values) <= LARGEST).all(axis=1))
    if not len(wrong):
        return ""
    row = values[wrong[0]].tolist()
    worst = next(value for value in row if not abs(value) <= LARGEST)
    why = "is larger than float32 holds (3.4e+38)" if np.isfinite(worst) else "is not finite"
    return f"row {wrong[0]:,} is {row[:4]}, and {worst:g} {why}"
