"""Running text: what has been written so far, and how it goes on. Both sides are one text with one vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Field, Item, Raw, Side
from unspool.fields.label import check_count
from unspool.fields.text import TextField
from unspool.text.tokenizer import Tokenizer

# The tokenizers that give every text back as it was.
EXACT = ("chars", "bytes", "jamo")


class RunningTextField(TextField):
    """A text has no end, and its beginning may be empty. Of a source that is too long the end counts."""

    kind = "running_text"
    container = "running_text"
    smoothed = False  # it is measured by its likelihood
    may_be_empty = True
    has_answers = False
    overlaps = True
    noun = ("window of text", "windows of text")
    validation_noun = ("piece to validate on", "pieces to validate on")
    encode_prefix = Field.encode_prefix  # a beginning is a source here

    @classmethod
    def check_columns(cls, columns: Sequence[ColumnData]) -> None:
        """One kind of tokenizer, which loses nothing; columns are what was asked for either side."""
        asked = {column.tokenizer for column in columns} - {"auto"} or {"chars"}
        if len(asked) > 1 or not asked <= set(EXACT):
            what = f"A running text cannot be read as {' and '.join(sorted(asked))}."
            raise Mistake(what, f"Give one kind that loses nothing: --set data.target_tokenizer={'|'.join(EXACT)}")

    @classmethod
    def tokenizer_for(cls, asked: str) -> str:
        """Characters."""
        return "chars" if asked == "auto" else asked

    @classmethod
    def of(cls, tokenizer: Tokenizer, config: DataConfig, side: Side) -> Self:
        """See `TextField.of`."""
        return cls(tokenizer)

    def truncate(self, item: Item, most: int) -> Item:
        """The last `most` symbols: a text goes on from its end."""
        return item[-most:]

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """Something at least."""
        return check_count(raw, item, max(1, len(item)))

    def metrics(self, answers: Sequence[Raw]) -> tuple[list[str], str]:
        """What the best code would spend on a character."""
        return ["bits_per_character"], "bits_per_character"
