"""Following answers while they are written, and giving up those that nobody waits for any longer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unspool.decoding.watching import Watch
from unspool.fields.field import Decoded, Field, Item


@dataclass(frozen=True, slots=True)
class Following:
    """What a caller of `predict` wants to know on the way; both are called from the threads that search.

    wants:    whether the answer to the source of this number is still wanted. One that is not has no hypotheses, or
              those that were found so far
    on_text:  called with a source's number and its answer so far, after each symbol; for greedy search or one sample
    """

    wants: Callable[[int], bool]
    on_text: Callable[[int, Decoded], object] | None = None

    def of_parts(self, owners: Sequence[int]) -> Following:
        """What is wanted of sources that are answered in parts. owners: the number of the source of each part"""
        return Following(lambda part: self.wants(owners[part]))

    def watch(self, field: Field, sources: Sequence[Item], numbers: Sequence[int], *, one_answer: bool) -> Watch:
        """The watch over a search of these encoded sources.

        field:      that of the answers
        numbers:    the numbers by which the caller knows the sources
        one_answer: whether each source has one answer, which grows symbol by symbol
        """
        written: list[list[Any]] = [[] for _ in sources]

        def wrote(place: int, item: Any) -> None:
            written[place].append(item)
            output = tuple(map(int, written[place])) if np.ndim(item) == 0 else np.array(written[place])
            assert self.on_text is not None
            self.on_text(numbers[place], field.decode(output, sources[place], {}))

        def wants(place: int) -> bool:
            return self.wants(numbers[place])

        return Watch(wants, wrote if one_answer and self.on_text is not None else None)
