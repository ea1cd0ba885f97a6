"""Sequences of real values `[S, F]`: measurements, pictures as rows of points, sounds, series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Decoded, Encoded, Field, Fitted, Item, Raw, Side
from unspool.fields.padding import Flat
from unspool.plural import counted
from unspool.text.tokenizer import NOTHING
from unspool.types import Array, Dimension, Values

# Steps of an excerpt.
SHOWN = 4


class ValuesField(Field):
    """Each of F features is scaled to mean 0 and deviation 1 over the training data; answers are scaled back."""

    kind = "values"
    dimension_type = Values
    # Its kind on disk.
    stored = "reals"
    container = "arrays"
    smoothed = False
    unit = "steps"

    def __init__(self, mean: Array, deviation: Array) -> None:
        self.mean, self.deviation = mean.astype(np.float32), deviation.astype(np.float32)

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """Mean and deviation over all rows of all sequences; the deviation of a constant feature is 1."""
        values = np.concatenate([*columns[0].cells()])
        deviation = values.std(0, dtype=np.float64)
        return Fitted(cls(values.mean(0, dtype=np.float64), np.where(deviation > 0, deviation, 1.0)), [])

    def to_json(self) -> dict[str, Any]:
        """`kind`, `mean` and `deviation`."""
        return {"kind": self.stored, "mean": self.mean.tolist(), "deviation": self.deviation.tolist()}

    @classmethod
    def from_json(cls, data: dict[str, Any], config: DataConfig, side: Side) -> Self:
        """See `Field.from_json`."""
        return cls(np.array(data["mean"]), np.array(data["deviation"]))

    @property
    def dimension(self) -> Dimension:
        """F features."""
        return Values(len(self.mean))

    @property
    def summary(self) -> str:
        """The number of features."""
        return f"real values, {len(self.mean):,} a step"

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """The scaled values `[S, F]`; a text or another F is a `Mistake`."""
        if not isinstance(raw, np.ndarray):
            shown = f"the text '{raw[:40]}'" if isinstance(raw, str) else f"a {type(raw).__name__}"
            raise Mistake(f"The model needs real values, and got {shown}.", "Give it an .npz file.")
        if raw.ndim != 2 or raw.shape[1] != len(self.mean):
            wanted = counted(len(self.mean), "value", "values")
            what = f"The model was trained on {wanted} a row, and got an array of shape {raw.shape}."
            raise Mistake(what, "Give arrays [S, F] of the same F as in training.")
        return (raw.astype(np.float32) - self.mean) / self.deviation

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
        values = np.asarray(output, dtype=np.float32) * self.deviation + self.mean
        tokens = [" ".join(f"{value:.6g}" for value in step) for step in values.tolist()]
        return Decoded(", ".join(tokens), tokens, values)

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
