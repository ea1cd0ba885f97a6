"""A label for each item of the source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.aligned import Aligned
from unspool.fields.field import ColumnData, Encoded, Field, Fitted, Item, Raw, Side
from unspool.fields.label import check_count, refuse_unknown
from unspool.fields.text import TextField
from unspool.plural import counted
from unspool.types import Array, Labels


class TagsField(Aligned, TextField):
    """One label for each item of the source; both are words between spaces by default."""

    kind = "tags"
    dimension_type = Labels
    answers_end = False
    unit = "labels"
    default_source_tokenizer = "words"
    encode_prefix = Field.encode_prefix  # the first labels do not lead the others
    check_permitting = Field.check_permitting  # an answer is as long as its source

    @classmethod
    def tokenizer_for(cls, asked: str) -> str:
        """Words by default."""
        return "words" if asked == "auto" else asked

    @classmethod
    def fit(cls, columns: Sequence[ColumnData], config: DataConfig, side: Side) -> Fitted:
        """See `TextField.fit`; every label is learned, however rare."""
        return super().fit(columns, config.model_copy(update={"min_count": 1}), side)

    def check_known(self, raws: Sequence[Raw], encoded: Encoded, lines: Sequence[int]) -> None:
        """Refuse unknown labels."""
        refuse_unknown(self, raws, encoded, lines)

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """The target must have one label for each item of the source."""
        return check_count(raw, item, len(source))

    def check_many(self, source_lengths: Array, lengths: Array, lines: Sequence[int]) -> None:
        """See `Field.check_many`."""
        for number in map(int, np.flatnonzero(source_lengths != lengths)):
            what = f"Line {lines[number]}: {counted(int(source_lengths[number]), 'symbol', 'symbols')} in the source"
            what = f"{what}, and {counted(int(lengths[number]), 'label', 'labels')} in the target."
            remedy = "A tagger writes one label for each symbol; do data.source_tokenizer and the labels agree?"
            raise Mistake(what, remedy)

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """Metrics of single labels, and the share of answers without any error."""
        return ["accuracy", "macro_f1", "exact_match"], "accuracy"
