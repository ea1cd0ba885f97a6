"""A field of every kind, fitted on a handful of raw items, for the laws that hold of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unspool.config import DataConfig
from unspool.fields.field import ColumnData, Field, Side
from unspool.fields.registry import Fields, field_class
from unspool.types import Array

# A source that is too long is cut to this by the field that copies, and everywhere in these tests.
MOST = 6
CONFIG = DataConfig(max_source=MOST, max_sentence=3)
TEXTS = ["abc d", "a  e.", "ab\tcde fgh ijk", "Ab c. De fg hij k"]
LABELS = ["very good", "bad", "bad", "so-so"]
TAGS = ["X", "X Y", "Y Y Z X", "X X Y Y Z Z"]


def column(raws: Sequence[Any], tokenizer: str = "auto") -> ColumnData:
    """Raw items as one column to fit a field on."""
    return ColumnData(lambda: raws, lambda: raws, tokenizer)


def fitted(kind: str, side: Side, raws: Sequence[Any], tokenizer: str = "auto") -> Field:
    """A field of one column."""
    return field_class(kind).fit([column(raws, tokenizer)], CONFIG, side).field


def values(features: int = 2) -> list[Array]:
    """Sequences `[S, F]` of unlike scales, far from 0."""
    draw = np.random.default_rng(1)
    scale, shift = 10.0 ** np.arange(features), 1000.0 * np.arange(features)
    return [draw.normal(size=(length, features)) * scale + shift for length in (1, 3, 6, 9)]


def drawings() -> list[Array]:
    """Points `[S, 3]`, the last one lifted."""
    draw = np.random.default_rng(1)
    steps = [draw.normal(3.0, 20.0, (length, 2)) for length in (1, 3, 6, 9)]
    lifted = [np.append(draw.integers(0, 2, len(each) - 1), 1) for each in steps]
    return [np.column_stack(parts) for parts in zip(steps, lifted, strict=True)]


@dataclass(frozen=True)
class Sample:
    """A field, the side on which it stands, and the raw items that it was fitted on."""

    field: Field
    side: Side
    raws: Sequence[Any]

    @property
    def kind(self) -> str:
        """As settings call it; a text that can be copied is stored as a text."""
        return "text" if self.field.kind == "copyable_text" else self.field.kind


def copyable() -> Fields:
    """Words on both sides; the source may write every word of its own, the target knows three."""
    words = [fitted("text", "source", TEXTS, "words"), fitted("text", "target", ["abc d fgh"], "words")]
    return Fields(*words).copyable(CONFIG)


SAMPLES = {
    "chars, read": Sample(fitted("text", "source", TEXTS, "chars"), "source", TEXTS),
    "chars, written": Sample(fitted("text", "target", TEXTS, "chars"), "target", TEXTS),
    "words, written": Sample(fitted("text", "target", TEXTS, "words"), "target", TEXTS),
    "pieces": Sample(fitted("text", "source", TEXTS, "bpe"), "source", TEXTS),
    "copyable": Sample(copyable().source, "source", TEXTS),
    "document": Sample(fitted("document", "source", TEXTS, "words"), "source", TEXTS),
    "label": Sample(fitted("label", "target", LABELS), "target", LABELS),
    "tags": Sample(fitted("tags", "target", TAGS), "target", TAGS),
    "running text": Sample(fitted("running_text", "target", TEXTS), "target", TEXTS),
    "values, read": Sample(fitted("values", "source", values()), "source", values()),
    "ink, read": Sample(fitted("ink", "source", drawings()), "source", drawings()),
    "ink, written": Sample(fitted("ink", "target", drawings()), "target", drawings()),
    "aligned values": Sample(fitted("aligned_values", "target", values(3)), "target", values(3)),
    "values, written": Sample(fitted("values", "target", values(3)), "target", values(3)),
}
