"""One label for a whole source."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Field, Item, Raw
from unspool.fields.text import TextField
from unspool.plural import counted
from unspool.types import Labels


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

    def check_known(self, unknown: int) -> None:
        """Refuse unknown labels, which would all be learned as one label."""
        if unknown:
            what = f"{counted(unknown, 'label is', 'labels are')} not among those that the model can predict."
            raise Mistake(what, "Train without --from; a new model learns all labels of its data.")

    @staticmethod
    def steps(source_length: int, written: int) -> int:
        """One."""
        return 1

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """The share of right labels, and the mean F1 of the labels."""
        return ["accuracy", "macro_f1"], "accuracy"


def check_count(raw: Raw, item: Item, wanted: int) -> Item:
    """The item if it has this number of symbols; otherwise a `Mistake`."""
    if len(item) != wanted:
        what = f"The target '{raw[:60]}' has {counted(len(item), 'symbol', 'symbols')}"
        raise Mistake(f"{what}, and the model writes {wanted:,}.", "Correct that pair, or leave it out.")
    return item
