"""Running text: a text so far, and its continuation. Both sides have one vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Field, Item, Raw
from unspool.fields.label import check_count
from unspool.fields.text import TextField

# Tokenizers that decode every text exactly.
EXACT = ("chars", "bytes", "jamo")


class RunningTextField(TextField):
    """A text has no EOS, and its source may be empty. Of a source that is too long, the end is kept."""

    kind = "running_text"
    container = "running_text"
    smoothed = False  # the metric is the likelihood
    may_be_empty = True
    answers_end = False
    has_answers = False
    overlaps = True
    noun = ("window of text", "windows of text")
    validation_noun = ("piece to validate on", "pieces to validate on")
    encode_prefix = Field.encode_prefix  # a beginning is a source here
    check_permitting = Field.check_permitting  # a text does not end

    @classmethod
    def check_columns(cls, columns: Sequence[ColumnData]) -> None:
        """Both sides must have the same exact tokenizer."""
        kinds = {column.tokenizer for column in columns} - {"auto"} or {"chars"}
        if len(kinds) > 1 or not kinds <= set(EXACT):
            what = f"A running text cannot be read as {' and '.join(sorted(kinds))}."
            raise Mistake(what, f"Use one tokenizer that is exact: --set data.target_tokenizer={'|'.join(EXACT)}")

    @classmethod
    def tokenizer_for(cls, asked: str) -> str:
        """Characters by default."""
        return "chars" if asked == "auto" else asked

    def truncate(self, item: Item, most: int) -> Item:
        """The last `most` symbols, because a text is continued from its end."""
        return item[-most:]

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """The target must not be empty."""
        return check_count(raw, item, max(1, len(item)))

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """Bits per character."""
        return ["bits_per_character"], "bits_per_character"
