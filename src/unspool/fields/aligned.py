"""What targets with one item for each item of the source have in common, whether labels or values."""

from __future__ import annotations

from typing import Any

from unspool.config import DataConfig
from unspool.fields.field import Item


class Aligned:
    """As long as the source: mixed into a field of labels or of values."""

    one_for_each = True

    def match(self, item: Any, source: Item) -> Any:
        """An item for each item of the source that is left."""
        return item[: len(source)]

    def most_items(self, config: DataConfig) -> int:
        """The maximum length of a source."""
        return config.max_source

    @staticmethod
    def steps(source_length: int, written: int) -> int:
        """One for each item of the source."""
        return source_length

    def longest_answer(self, longest: int, config: DataConfig) -> int:
        """The maximum length of a source."""
        return config.max_source
