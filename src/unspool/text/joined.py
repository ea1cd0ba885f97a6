"""Several columns of one side as one sequence, each with its own tokenizer: `source=1:chars+2:tags`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from unspool.errors import Mistake
from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import SPECIALS, UNK

FIRST = len(SPECIALS)


class JoinedTokenizer(Tokenizer):
    """Several tokenizers, one for each column. Their ids do not overlap, so no symbol marks the boundary.

    In texts, columns are joined by tabs.
    """

    kind = "joined"

    def __init__(self, parts: Sequence[Tokenizer]) -> None:
        self._parts = list(parts)
        self.starts = [FIRST]
        for part in self._parts:
            self.starts.append(self.starts[-1] + len(part) - FIRST)

    @property
    def parts(self) -> list[Tokenizer]:
        """The tokenizer of each column."""
        return self._parts

    def __len__(self) -> int:
        """The number of ids."""
        return self.starts[-1]

    def encode(self, text: str) -> list[int]:
        """The ids of columns that are joined by tabs."""
        ids = []
        for part, start, column in zip(self.parts, self.starts, self.columns(text), strict=False):
            ids += [number + start - FIRST if number >= FIRST else UNK for number in part.encode(column)]
        return ids

    def columns(self, text: str) -> list[str]:
        """The text of each part; a wrong number of them is a `Mistake`."""
        columns = text.split("\t") if text else [""] * len(self.parts)
        if len(columns) != len(self.parts):
            what = f"A text of {len(self.parts)} columns was expected, and '{text[:60]}' has {len(columns)}."
            raise Mistake(what, "Put one tab between two columns.")
        return columns

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """Columns joined by tabs; an unknown symbol belongs to the column of the symbol before it."""
        return "\t".join(_decode(part, some, unknown) for part, some in self.by_part(ids))

    def changing(self, ids: Sequence[int]) -> list[int]:
        """See `Tokenizer.changing`; only symbols of the last column can follow in it."""
        if not len(ids) or ids[-1] < FIRST:
            return []
        at = self._part_of(ids[-1])
        shift = self.starts[at] - FIRST
        own = [number - shift for number in ids if self.starts[at] <= number < self.starts[at + 1]]
        return [number + shift for number in self.parts[at].changing(own)]

    def symbols(self, text: str) -> list[str]:
        """The symbols of each column, one column after the other."""
        columns = zip(self._parts, self.columns(text), strict=True)
        return [symbol for part, column in columns for symbol in part.symbols(column)]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Each id as its column's tokenizer shows it."""
        return [self._token(number) for number in ids]

    def to_json(self) -> dict[str, Any]:
        """Everything needed to build it again."""
        return {"kind": self.kind, "parts": [part.to_json() for part in self.parts]}

    def by_part(self, ids: Sequence[int]) -> list[tuple[Tokenizer, list[tuple[int, int]]]]:
        """Each tokenizer with its symbols: their positions in `ids`, and the tokenizer's own ids."""
        columns: list[list[tuple[int, int]]] = [[] for _ in self.parts]
        at = 0
        for place, number in enumerate(ids):
            if number >= FIRST:
                at = self._part_of(number)
                columns[at].append((place, number - self.starts[at] + FIRST))
            elif number == UNK:
                columns[at].append((place, UNK))
        return [*zip(self.parts, columns, strict=True)]

    def _token(self, number: int) -> str:
        if number < FIRST:
            return SPECIALS[number]
        at = self._part_of(number)
        return self.parts[at].tokens([number - self.starts[at] + FIRST])[0]

    def _part_of(self, number: int) -> int:
        return next(at for at, (low, high) in enumerate(pairwise(self.starts)) if low <= number < high)


def _decode(part: Tokenizer, some: list[tuple[int, int]], unknown: Mapping[int, str]) -> str:
    """The text of one column; `some` are its positions among all ids, and its own ids."""
    own = {place: unknown[among] for place, (among, _) in enumerate(some) if among in unknown}
    return part.decode([number for _, number in some], own)
