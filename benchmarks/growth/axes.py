"""The axes of growth: what grows on each, and what stays constant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MODELS = ("luong", "bahdanau", "sutskever")


@dataclass(frozen=True)
class Axis:
    """One thing that grows.

    kind:   what is measured at each point: training, decoding or preparing
    values, quick: the measured values; `quick` is for a trial run
    fixed:  the constant settings of a point
    grows:  the names of the settings that take the value
    time, memory: the theoretical slopes for large values, on logarithmic scales
    """

    name: str
    unit: str
    kind: str
    values: tuple[int, ...]
    quick: tuple[int, ...]
    grows: tuple[str, ...]
    time: str
    memory: str
    fixed: dict[str, int] = field(default_factory=dict)

    def points(self, models: tuple[str, ...], quick: bool) -> Iterator[dict[str, Any]]:
        """The points to measure, the smallest first; preparing has no model."""
        for model in models if self.kind != "preparing" else ("data",):
            for value in self.quick if quick else self.values:
                point = {"axis": self.name, "kind": self.kind, "model": model, "value": value}
                yield point | self.fixed | dict.fromkeys(self.grows, value)


USUAL = {"batch": 16, "source": 20, "target": 20, "width": 256, "beam": 1}
LENGTHS, FEW_LENGTHS = (10, 20, 50, 100, 200, 500, 1000), (10, 40, 160)

AXES = {
    axis.name: axis
    for axis in (
        Axis("source", "symbols of the source, target 10", "training", LENGTHS, FEW_LENGTHS, ("source",), "1", "1",
             USUAL | {"target": 10}),
        Axis("length", "symbols of source and target", "training", LENGTHS, FEW_LENGTHS, ("source", "target"),
             "1, attention towards 2", "1, attention towards 2", USUAL),
        Axis("batch", "pairs in a batch", "training", (1, 4, 16, 64, 256, 512), (4, 16, 64), ("batch",), "1", "1",
             USUAL),
        Axis("width", "width", "training", (64, 128, 256, 512, 1024), (64, 128, 256), ("width",), "2", "2", USUAL),
        Axis("beam", "beam", "decoding", (1, 2, 4, 8, 16, 32), (1, 4, 16), ("beam",), "1", "1", USUAL),
        Axis("pairs", "pairs of 8 and 8 letters", "preparing", (10**4, 10**5, 10**6, 10**7), (10**4, 10**5),
             ("pairs",), "1", "1"),
    )
}  # fmt: skip
