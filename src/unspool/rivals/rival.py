"""What a rival learns from, and what it can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from unspool.data.corpus import Corpus
from unspool.fields.field import Raw
from unspool.fields.registry import Fields
from unspool.types import EOS, Array


class KnownPairs(NamedTuple):
    """The training pairs, encoded.

    sources: ids `[S]`, or values `[S, F]`
    targets: ids `[T]` without EOS, or values `[T, F']`
    """

    fields: Fields
    sources: Sequence[Array]
    targets: Sequence[Array]

    @classmethod
    def of(cls, fields: Fields, corpus: Corpus) -> KnownPairs:
        """All pairs of a corpus."""
        sources = [corpus.sources[number] for number in range(len(corpus))]
        targets = [_without_end(corpus.targets[number], fields.target.ends) for number in range(len(corpus))]
        return cls(fields, sources, targets)

    def commonest_target(self) -> str:
        """The target that occurs most often, as text; the first of several."""
        ((ids, _),) = Counter(target.tobytes() for target in self.targets).most_common(1)
        found = next(target for target in self.targets if target.tobytes() == ids)
        return self.fields.target.decode(found).text

    def source_text(self, number: int) -> str:
        """A source as text, as far as its symbols are known."""
        return self.fields.source.decode(self.sources[number]).text


@dataclass(frozen=True, slots=True)
class Rival:
    """A fitted rival: it answers, or, for running text, it has likelihoods.

    answer:     the answer to a source: a text, or values `[T, F']`
    log_prob:   nats of a text, given the text before it
    parameters: the numbers or symbols that it stores
    """

    parameters: int
    answer: Callable[[Raw], Raw] | None = None
    log_prob: Callable[[str, str], float] | None = None


def _without_end(ids: Array, ends: bool) -> Array:
    return ids[:-1] if ends and len(ids) and ids[-1] == EOS else ids
