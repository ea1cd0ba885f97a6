"""Pairs as ids, for training; sources with all their right answers, for evaluating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from unspool.data.ragged import Ragged, RaggedBuilder
from unspool.data.tables import Pair
from unspool.text.registry import encode_many
from unspool.types import EOS, UNK, Array, Batch, Tokenizer

# Pairs handed to a tokenizer at once.
CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Corpus:
    """Training pairs as ids; a source with several targets is there once for each.

    sources, targets: one sequence a pair; targets with their EOS
    unknown_source, unknown_target: symbols that became UNK
    cut_sources, cut_targets: sequences cut to the longest length allowed
    dropped: pairs left out because a tokenizer made nothing of their source or target
    """

    sources: Ragged
    targets: Ragged
    unknown_source: int = 0
    unknown_target: int = 0
    cut_sources: int = 0
    cut_targets: int = 0
    dropped: int = 0

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.sources)

    def messages(self) -> list[str]:
        """A sentence for each thing that a person should know; none where all is well."""
        said = [
            (self.unknown_source, "symbols of sources are unknown to the tokenizer and read as <unk>"),
            (self.unknown_target, "symbols of targets are unknown to the tokenizer and learned as <unk>"),
            (self.cut_sources, "sources are cut; --set data.max_source=… allows longer ones"),
            (self.cut_targets, "targets are cut; --set data.max_target=… allows longer ones"),
            (self.dropped, "pairs are left out because nothing of their source or target is left as symbols"),
        ]
        return [f"{count:,} {what}." for count, what in said if count]


def tokenise(
    pairs: Iterable[Pair],
    source_tokenizer: Tokenizer,
    target_tokenizer: Tokenizer,
    *,
    max_source: int = 1000,
    max_target: int = 1000,
    end: bool = True,
) -> Corpus:
    """Turn pairs into ids, streaming; several columns of one side are joined by tabs.

    max_source, max_target: symbols; longer sequences are cut (EOS comes on top)
    end: put EOS behind each target
    """
    sources = _Side(source_tokenizer, max_source, ())
    targets = _Side(target_tokenizer, max_target, (EOS,) if end else ())
    dropped = 0
    for chunk in _chunks(pairs):
        read = encode_many(source_tokenizer, ["\t".join(pair.source) for pair in chunk])
        written = encode_many(target_tokenizer, ["\t".join(pair.target) for pair in chunk])
        for source, target in zip(read, written, strict=True):
            if source and target:
                sources.append(source)
                targets.append(target)
            else:
                dropped += 1
    return Corpus(
        sources=sources.built.build(),
        targets=targets.built.build(),
        unknown_source=sources.unknown,
        unknown_target=targets.unknown,
        cut_sources=sources.cut,
        cut_targets=targets.cut,
        dropped=dropped,
    )


def collate(corpus: Corpus, indices: Array) -> Batch:
    """These examples, `indices [B]`, as a padded batch of int64."""
    index = np.asarray(indices, dtype=np.int64)
    return Batch(corpus.sources.padded(index), corpus.targets.padded(index), index)


@dataclass(frozen=True, slots=True)
class Example:
    """A source (columns joined by tabs), all its right answers without repeats, and the line where it first stands."""

    source: str
    references: tuple[str, ...]
    line: int


def examples_of(pairs: Iterable[Pair]) -> list[Example]:
    """Group pairs by source, in the order in which sources first appear."""
    found: dict[str, tuple[int, dict[str, None]]] = {}
    for pair in pairs:
        _, references = found.setdefault("\t".join(pair.source), (pair.line, {}))
        references["\t".join(pair.target)] = None
    return [Example(source, tuple(references), line) for source, (line, references) in found.items()]


class _Side:
    """The sequences of one side while they grow."""

    def __init__(self, tokenizer: Tokenizer, most: int, ending: tuple[int, ...]) -> None:
        self.built, self._most, self._ending = RaggedBuilder(len(tokenizer)), most, ending
        self.unknown = self.cut = 0

    def append(self, ids: list[int]) -> None:
        whole = len(ids) <= self._most
        ids = ids[: self._most]
        self.cut += not whole
        self.unknown += ids.count(UNK)
        # What is cut does not end there, and a model should not learn that it does.
        self.built.append((*ids, *(self._ending if whole else ())))


def _chunks(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    remaining = iter(pairs)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
