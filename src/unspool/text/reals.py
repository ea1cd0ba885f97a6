"""Sources of real values, where other sources have text: no symbols, but a scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unspool.errors import Mistake
from unspool.types import SPECIALS, Array, Sizes, Tokenizer


class RealReader:
    """Brings each of F features to mean 0 and deviation 1 over the training data. Stands where a tokenizer stands."""

    kind = "reals"

    def __init__(self, mean: Array, deviation: Array) -> None:
        self.mean, self.deviation = mean.astype(np.float32), deviation.astype(np.float32)

    @classmethod
    def fit(cls, values: Array) -> RealReader:
        """Measure `[n, F]`; a feature that never changes keeps its size."""
        deviation = values.std(0, dtype=np.float64)
        return cls(values.mean(0, dtype=np.float64), np.where(deviation > 0, deviation, 1.0))

    @property
    def features(self) -> int:
        """F."""
        return len(self.mean)

    def scaled(self, values: Array | str) -> Array:
        """`[S, F]` as the model reads them; a text or another F is a `Mistake`."""
        if isinstance(values, str):
            raise Mistake(f"The model reads real values, and got the text '{values[:40]}'.", "Give it an .npz file.")
        if values.ndim != 2 or values.shape[1] != self.features:
            what = f"The model reads {self.features} values a row, and got an array of shape {values.shape}."
            raise Mistake(what, "Give arrays [S, F] of the same F as in training.")
        scaled: Array = (values.astype(np.float32) - self.mean) / self.deviation
        return scaled

    def __len__(self) -> int:
        """The reserved ids; there are no others."""
        return len(SPECIALS)

    def encode(self, text: str) -> list[int]:
        """Text is refused."""
        self.scaled(text)
        return []

    def decode(self, ids: Sequence[int]) -> str:
        """Nothing."""
        return ""

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Positions are called by their number."""
        return [str(number) for number in ids]

    def to_json(self) -> dict[str, Any]:
        """`kind`, `mean` and `deviation`."""
        return {"kind": self.kind, "mean": self.mean.tolist(), "deviation": self.deviation.tolist()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RealReader:
        """The inverse of `to_json`."""
        return cls(np.array(data["mean"]), np.array(data["deviation"]))


def sizes_of(source: Tokenizer, target: Tokenizer) -> Sizes:
    """What a model must know of what is read and written."""
    return Sizes(len(source), len(target), source.features if isinstance(source, RealReader) else 0)
