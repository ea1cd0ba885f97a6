"""One label for a whole source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Encoded, Field, Item, Raw
from unspool.fields.text import TextField
from unspool.plural import counted
from unspool.types import UNK, Labels

# The most unknown labels in a message.
SHOWN = 5


class LabelField(TextField):
    """A whole text is one symbol, and an answer is one step."""

    kind = "label"
    dimension_type = Labels
    answers_end = False
    unit = "examples"
    encode_prefix = Field.encode_prefix  # a label has no beginning

    @classmethod
    def check_columns(cls, columns: Sequence[ColumnData]) -> None:
        """There must be one column without another tokenizer."""
        if len(columns) > 1 or columns[0].tokenizer not in ("auto", "label"):
            asked = "+".join(column.tokenizer for column in columns)
            what = f"The model writes one label, but the tokenizer of the target is {asked}."
            raise Mistake(what, "Name one target column, and no tokenizer for it.")

    @classmethod
    def tokenizer_for(cls, asked: str) -> str:
        """Always labels."""
        return "label"

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """The target must be one label."""
        return check_count(raw, item, 1)

    def check_known(self, raws: Sequence[Raw], encoded: Encoded, lines: Sequence[int]) -> None:
        """Refuse unknown labels."""
        refuse_unknown(self, raws, encoded, lines)

    @staticmethod
    def steps(source_length: int, written: int) -> int:
        """One."""
        return 1

    def every_answer(self) -> dict[int, str]:
        """All labels."""
        return {number: str(label) for number, label in enumerate(self.tokenizer.written(), 1)}

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """The share of right labels, and the mean F1 of the labels."""
        return ["accuracy", "macro_f1"], "accuracy"


def refuse_unknown(field: TextField, raws: Sequence[Raw], encoded: Encoded, lines: Sequence[int]) -> None:
    """Raise a `Mistake` that names labels which the model does not know; they would all be learned as another label."""
    values, lengths = encoded.parts[0]
    rows = np.searchsorted(np.cumsum(lengths), np.flatnonzero(values == UNK), side="right").tolist()
    names: dict[str, int] = {}
    for row in dict.fromkeys(rows):
        ids = field.encode(raws[row])
        for symbol, number in zip(field.symbols(raws[row]), ids, strict=True):
            if number == UNK:
                names.setdefault(symbol[:60], lines[row])
    if names:
        named = ", ".join(f"'{name}'" for name in [*names][:SHOWN]) + (", …" if len(names) > SHOWN else "")
        label = "label" if len(names) == 1 else "labels"
        what = (
            f"Line {next(iter(names.values()))}: the model cannot predict the {label} {named}, which it does not know."
        )
        raise Mistake(
            what, "A new model learns all labels of its data: train without --from and without data.min_count."
        )


def check_count(raw: Raw, item: Item, wanted: int) -> Item:
    """The item if it has this number of symbols; otherwise a `Mistake`."""
    if len(item) != wanted:
        what = f"The target '{raw[:60]}' has {counted(len(item), 'symbol', 'symbols')}"
        raise Mistake(f"{what}, and the model writes {wanted:,}.", "Correct that pair, or leave it out.")
    return item
