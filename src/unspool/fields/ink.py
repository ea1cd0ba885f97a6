"""Ink: the way of a pen as points `[S, 3]`: dx, dy, pen_up. A character, a line of writing, a sketch.

dx, dy: the step of the pen to this point; x grows to the right and y downwards
pen_up: 1 if the pen is lifted after this point, else 0

How data says that it is ink:

- an `.npz` with the arrays `ink` `[ΣS, 3]` and `lengths` `[n]`, and, if known, what is written: `texts` `[n]`;
- or any side of real values with three features, where the model has no other real values on that side, as `synthesis`,
  or where it is asked for: `--columns target=ink`, in Python pairs `(text, array)`, `(array, text)` or `("", array)`.

A model that reads text gets the texts as sources and the ink as targets; a model that writes text gets them the other
way round; and a model of ink alone (`graves`) gets each drawing as the continuation of an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from unspool.config import DataConfig
from unspool.distributions.ink import DOWN, END, PLANE, UP
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Decoded, Encoded, Field, Fitted, Item, Raw, Side
from unspool.fields.padding import Flat, cut_flat
from unspool.fields.values import ValuesField, first_wrong_row
from unspool.plural import counted
from unspool.text.tokenizer import NOTHING
from unspool.types import Array, Dimension, Ink

FEATURES = PLANE + 1
POINTS = "Give arrays [S, 3] of dx, dy and pen_up, which is 1 where the pen is lifted after the point, and else 0."


class InkField(Field):
    """Steps are scaled to mean 0 and deviation 1 over the training data; drawings that are written are scaled back.

    Of a target, the last point's pen is lifted for the last time (`distributions.ink.END`), so that a drawing ends by
    itself. A last point whose pen stays down is read as lifted, and is returned so.
    """

    kind = "ink"
    dimension_type = Ink
    container = "arrays"
    smoothed = False
    may_be_empty = True
    has_answers = False
    unit = "points"
    noun = ("drawing", "drawings")
    validation_noun = ("validation drawing", "validation drawings")

    def __init__(self, mean: Array, deviation: Array, *, ends: bool) -> None:
        """mean, deviation: `[2]` of dx and dy; ends: whether the last point is marked, as in targets."""
        self.steps_field, self.ends = ValuesField(mean, deviation), ends

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """Mean and deviation over all points of all drawings."""
        drawings = [np.asarray(each)[:, :PLANE] for each in columns[0].cells() if len(checked(each))]
        if not drawings:
            raise Mistake("There is no point of ink to learn from.", POINTS)
        steps = ColumnData(lambda: drawings, lambda: drawings)
        known = ValuesField.fit([steps], config, side).field
        assert isinstance(known, ValuesField)
        return Fitted(cls(known.mean, known.deviation, ends=side == "target"), [])

    def to_json(self) -> dict[str, Any]:
        """`kind`, `mean` and `deviation`."""
        return self.steps_field.to_json() | {"kind": self.kind}

    @classmethod
    def from_json(cls, data: dict[str, Any], config: DataConfig, side: Side) -> Self:
        """See `Field.from_json`."""
        known = ValuesField.from_json(data, config, side)
        if len(known.mean) != PLANE:
            raise Mistake("Ink has a mean and a deviation of dx and of dy.", "Copy the file again.")
        return cls(known.mean, known.deviation, ends=side == "target")

    def on(self, side: Side) -> InkField:
        """The same scale for another side."""
        return InkField(self.steps_field.mean, self.steps_field.deviation, ends=side == "target")

    @property
    def dimension(self) -> Dimension:
        """dx, dy and the pen."""
        return Ink()

    @property
    def summary(self) -> str:
        """What a point is."""
        return "ink: dx, dy and the pen"

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """Scaled points `[S, 3]`; anything else than points is a `Mistake`. No text is an empty drawing."""
        points = checked(raw)
        steps = self.steps_field.encode(points[:, :PLANE])
        return np.concatenate([steps, points[:, PLANE:].astype(np.float32)], axis=1)

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """See `Field.encode_many`."""
        items = [self.encode(raw) for raw in raws]
        lengths = np.array([len(item) for item in items], dtype=np.int64)
        return Encoded((Flat(np.concatenate([np.zeros((0, FEATURES), np.float32), *items]), lengths),))

    def end(self, item: Item) -> Item:
        """The points, the last one of a target as the end."""
        if not self.ends or not len(item):
            return item
        marked = item.copy()
        marked[-1, PLANE] = END
        return marked

    def truncate_many(self, encoded: Encoded, most: int) -> tuple[Encoded, int]:
        """See `Field.truncate_many`; a cut drawing has no end."""
        flat, whole = cut_flat(encoded.parts[0], most)
        if self.ends:
            flat.values[np.cumsum(flat.lengths)[whole & (flat.lengths > 0)] - 1, PLANE] = END
        return Encoded((flat,)), int(np.count_nonzero(~whole))

    def unknown(self, item: Item) -> int:
        """0, because there are no symbols."""
        return 0

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """Float32."""
        return [(np.dtype(np.float32), (FEATURES,))]

    def decode(
        self, output: Sequence[int] | Array, source: Item = None, unknown: Mapping[int, str] = NOTHING
    ) -> Decoded:
        """Points `[T, 3]` on the scale of the data, the last one lifted; in the text commas separate points."""
        points = np.asarray(output, dtype=np.float64).reshape(-1, FEATURES)
        steps = self.steps_field.decode(points[:, :PLANE])
        assert steps.values is not None
        lifted = np.where(points[:, PLANE] == DOWN, DOWN, UP)
        lifted[-1:] = UP
        tokens = [f"{step} {pen}" for step, pen in zip(steps.tokens, lifted, strict=True)]
        return Decoded(", ".join(tokens), tokens, np.concatenate([steps.values, lifted[:, None]], axis=1))

    def display(self, item: Item) -> list[str]:
        """The numbers of the points."""
        return [str(number) for number in range(len(item))]

    def excerpt(self, raw: Raw) -> str:
        """How many strokes and points there are."""
        points = checked(raw)
        strokes = int((points[:, PLANE] == UP).sum())
        return f"{counted(strokes, 'stroke', 'strokes')}, {counted(len(points), 'point', 'points')}"

    def symbols(self, raw: Raw) -> list[str]:
        """A `Mistake`, because there are no symbols."""
        raise Mistake("Ink has no words that could replace unknown ones.", "Leave --replace-unknown out.")

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """The negative log-likelihood of a point, and that of a drawing, as Graves 2013 has it (table 4)."""
        return ["nll", "nll_per_sequence"], "nll"

    def log_volume(self, item: Item) -> float:
        """`T (log deviation_dx + log deviation_dy)`."""
        return self.steps_field.log_volume(item)


def checked(raw: Raw) -> Array:
    """Points `[S, 3]`; an empty text is a drawing without any; anything else is a `Mistake`."""
    if isinstance(raw, str) and not raw:
        return np.zeros((0, FEATURES))
    if not isinstance(raw, np.ndarray):
        shown = f"the text '{raw[:40]}'" if isinstance(raw, str) else f"a {type(raw).__name__}"
        raise Mistake(f"The model needs ink, and got {shown}.", POINTS)
    if raw.ndim != 2 or raw.shape[1] != FEATURES or raw.dtype.kind not in "fiub":
        raise Mistake(f"Ink has three numbers a point, and got an array of shape {raw.shape}.", POINTS)
    if wrong := first_wrong_row(raw):
        raise Mistake(f"A drawing has a wrong value: {wrong}.", "Give finite numbers.")
    odd = np.flatnonzero((raw[:, PLANE] != DOWN) & (raw[:, PLANE] != UP))
    if len(odd):
        what = f"A drawing has a pen that is neither down nor up: point {odd[0]:,} has {raw[odd[0], PLANE]:g}."
        raise Mistake(what, POINTS)
    return raw
