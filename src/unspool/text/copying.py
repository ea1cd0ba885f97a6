"""What of a source a model may write as it stands: both sides' tokenizers seen together."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.errors import Mistake
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer
from unspool.text.joined import JoinedTokenizer, parts_of
from unspool.text.symbols import symbols_of
from unspool.text.tags import TagTokenizer
from unspool.text.words import WordTokenizer
from unspool.types import UNK, Tokenizer

# Their symbols are spelled in full, so that one which the vocabulary lacks can be written too.
Spelled = CharTokenizer | JamoTokenizer | TagTokenizer | WordTokenizer


class Copier:
    """Numbers a source's symbols as the target's vocabulary does, and those that it lacks from V on.

    A column of the source can be copied where it is read as the target is written: as chars, words, tags or jamo, each
    side with a vocabulary of its own, or by one and the same tokenizer. Symbols of other columns count as UNK.
    Raises `Mistake` where there is no such column.
    """

    def __init__(self, source: Tokenizer, target: Tokenizer) -> None:
        self.source, self.target = source, target
        self._spelled = [isinstance(target, Spelled) and part.kind == target.kind for part in parts_of(source)]
        self._shared = [part is target or part.to_json() == target.to_json() for part in parts_of(source)]
        if not any(self._spelled + self._shared):
            kinds = "+".join(part.kind for part in parts_of(source))
            raise Mistake(
                f"Nothing can be copied from a source of {kinds} into a target of {target.kind}.",
                "Read and write both as chars, words, tags or jamo (data.source_tokenizer, data.target_tokenizer), or "
                "subwords with data.shared_vocabulary=true; or leave model.copying out.",
            )

    def read(self, text: str, most: int) -> tuple[list[int], list[str]]:
        """The first `most` symbols of a source as they would be written, `[S]`, and what V, V+1, … stand for in it."""
        columns = self.source.columns(text) if isinstance(self.source, JoinedTokenizer) else [text]
        numbers: dict[str, int] = {}
        ids = [number for place, column in enumerate(columns) for number in self._numbered(place, column, numbers)]
        ids = ids[:most]
        reached = max(ids, default=0)
        return ids, [symbol for symbol, number in numbers.items() if number <= reached]

    def write(self, text: str, unknown: Sequence[str]) -> list[int]:
        """A target's ids, its unknown symbols numbered as in its source: `unknown` are V, V+1, …"""
        ids = self.target.encode(text)
        if not unknown or UNK not in ids:
            return ids
        numbers = {symbol: len(self.target) + place for place, symbol in enumerate(unknown)}
        pairs = zip(ids, symbols_of(self.target, text), strict=True)
        return [numbers.get(symbol, UNK) if number == UNK else number for number, symbol in pairs]

    def told(self, items: Sequence[int], unknown: Sequence[str]) -> tuple[tuple[int, ...], dict[int, str]]:
        """An answer's items with UNK for those from V on, and what stands at those places."""
        size = len(self.target)
        own = {place: unknown[item - size] for place, item in enumerate(items) if item >= size}
        return tuple(UNK if place in own else item for place, item in enumerate(items)), own

    def _numbered(self, place: int, column: str, numbers: dict[str, int]) -> list[int]:
        part = parts_of(self.source)[place]
        if self._spelled[place]:
            assert isinstance(self.target, Spelled)
            known, size = self.target.vocabulary.ids, len(self.target)
            return [
                known[symbol] if symbol in known else numbers.setdefault(symbol, size + len(numbers))
                for symbol in symbols_of(part, column)
            ]
        ids = part.encode(column)
        return ids if self._shared[place] else [UNK] * len(ids)
