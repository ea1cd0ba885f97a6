"""Text whose symbols can be copied into the target: a text field that knows the target's tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from unspool.errors import Mistake
from unspool.fields.field import Encoded, Item, Raw
from unspool.fields.padding import Flat, flatten
from unspool.fields.text import AS_IT_IS, TextField
from unspool.text.forms import Folding
from unspool.text.spelled import SpelledTokenizer
from unspool.text.tokenizer import Tokenizer
from unspool.types import UNK, Array, CopyableSymbols, Sequences


@dataclass(frozen=True, slots=True)
class Copyable:
    """A text whose symbols can be copied.

    ids:    `[S]` ids in the source's vocabulary
    copies: `[S]` the same symbols in the target's vocabulary; unknown types are V, V+1, … in order of appearance
    copied: the symbols of V, V+1, …
    """

    ids: Array
    copies: Array
    copied: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of symbols."""
        return len(self.ids)


class CopyableTextField(TextField):
    """The ids of a source, and the same symbols with their ids in the target's vocabulary, unknown ones from V on.

    A column can be copied if source and target have tokenizers of the same kind (chars, words, tags or jamo, each side
    with its own vocabulary) or the very same tokenizer. Symbols of other columns count as UNK. Raises `Mistake` if no
    column can be copied. most: the most symbols of a source; later ones cannot be copied.
    """

    kind = "copyable_text"
    dimension_type = CopyableSymbols

    def __init__(self, tokenizer: Tokenizer, target: Tokenizer, most: int, folding: Folding = AS_IT_IS) -> None:
        super().__init__(tokenizer, folding=folding)
        self.target, self.most = target, most
        parts = tokenizer.parts
        self._spelled = [target.spelled and part.kind == target.kind for part in parts]
        self._shared = [part is target or part.to_json() == target.to_json() for part in parts]
        if not any(self._spelled + self._shared):
            kinds = "+".join(part.kind for part in parts)
            raise Mistake(
                f"Nothing can be copied from a source of {kinds} into a target of {target.kind}.",
                "Use chars, words, tags or jamo for both (data.source_tokenizer, data.target_tokenizer), or subwords "
                "with data.shared_vocabulary=true; or leave model.copying out.",
            )

    def encode(self, raw: Raw, source: Item = None) -> Item:
        """The whole source; symbols after the first `most` cannot be copied, but are not cut here."""
        text = self.read(raw)
        ids = np.array(self.tokenizer.encode(text), dtype=np.int64)
        copies = np.zeros_like(ids)
        numbered, copied = self.number(text)
        copies[: len(numbered)] = numbered
        return Copyable(ids, copies, tuple(copied))

    def encode_many(self, raws: Sequence[Raw], source: Encoded | None = None) -> Encoded:
        """See `Field.encode_many`; copies are already cut."""
        raws = [self.folding(raw) for raw in raws]
        numbered = [self.number(raw) for raw in raws]
        ids = Flat(*self.tokenizer.encode_flat(raws))
        return Encoded((ids, flatten([copies for copies, _ in numbered])), [copied for _, copied in numbered])

    def number(self, text: str) -> tuple[list[int], list[str]]:
        """The target ids `[S]` of the first `most` symbols of a source, and the symbols of V, V+1, …"""
        numbers: dict[str, int] = {}
        columns = enumerate(self.tokenizer.columns(text))
        ids = [number for place, column in columns for number in self._numbered(place, column, numbers)][: self.most]
        reached = max(ids, default=0)
        return ids, [symbol for symbol, number in numbers.items() if number <= reached]

    def truncate(self, item: Item, most: int) -> Item:
        """The first `most` symbols."""
        return Copyable(item.ids[:most], item.copies[:most], item.copied)

    def unknown(self, item: Item) -> int:
        """The number of symbols that are not in the source's vocabulary."""
        return super().unknown(getattr(item, "ids", item))

    def storage(self) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """The types of the ids, and of the copies, which exceed the target's vocabulary."""
        counts = (len(self.tokenizer), len(self.target) + self.most)
        return [(np.min_scalar_type(max(count - 1, 0)), ()) for count in counts]

    def parts(self, item: Item) -> tuple[Array, ...]:
        """Ids and copies."""
        return item.ids, item.copies

    def join(self, parts: Sequence[Sequences[Array]]) -> Sequences[Array]:
        """Ids, with the copies."""
        ids, copies = parts
        return replace(ids, copies=copies.values)

    def display(self, item: Item) -> list[str]:
        """Each symbol as its tokenizer shows it."""
        return self.display_ids(item.ids)

    def _numbered(self, place: int, column: str, numbers: dict[str, int]) -> list[int]:
        part = self.tokenizer.parts[place]
        if self._spelled[place]:
            assert isinstance(self.target, SpelledTokenizer)
            known, size = self.target.vocabulary.ids, len(self.target)
            return [
                known[symbol] if symbol in known else numbers.setdefault(symbol, size + len(numbers))
                for symbol in part.symbols(column)
            ]
        ids = part.encode(column)
        return ids if self._shared[place] else [UNK] * len(ids)
