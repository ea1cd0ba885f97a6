"""Pairs as arrays, for training; sources with all their references, for evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from unspool.config import DataConfig
from unspool.data.ragged import EncodedSide, RaggedBuilder
from unspool.data.tables import Pair
from unspool.fields.field import Encoded, Field, Raw
from unspool.fields.registry import Fields
from unspool.plural import counted
from unspool.types import Array, Batch

# Pairs encoded at once.
CHUNK = 4096


class RawPair(NamedTuple):
    """One source and one target as they were given, and their line."""

    source: Raw
    target: Raw
    line: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """Training pairs as arrays; a source with several targets occurs once for each.

    sources, targets: one item for each pair; targets with EOS, if answers end with one
    unknown_source, unknown_target: symbols that became UNK
    cut_sources, cut_targets: items cut to the maximum length
    dropped: pairs left out because their source or target has no symbols
    """

    sources: EncodedSide
    targets: EncodedSide
    unknown_source: int = 0
    unknown_target: int = 0
    cut_sources: int = 0
    cut_targets: int = 0
    dropped: int = 0

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.sources)

    def messages(self) -> list[str]:
        """A sentence for each thing that the user should know."""
        counts = [
            (self.unknown_source, "symbol of a source is", "symbols of sources are", "unknown and read as <unk>"),
            (self.unknown_target, "symbol of a target is", "symbols of targets are", "unknown and trained as <unk>"),
            (self.cut_sources, "source is", "sources are", "cut; --set data.max_source=… allows longer ones"),
            (self.cut_targets, "target is", "targets are", "cut; --set data.max_target=… allows longer ones"),
            (self.dropped, "pair is", "pairs are", "left out because source or target has no symbols"),
        ]
        return [f"{counted(count, one, many)} {what}." for count, one, many, what in counts if count]


def encode_corpus(pairs: Iterable[RawPair], fields: Fields, config: DataConfig) -> Corpus:
    """Encode a stream of pairs. Items that are longer than `config` allows are cut; only uncut items get an EOS."""
    sources = _SideBuilder(fields.source, config.max_source)
    targets = _SideBuilder(fields.target, fields.target.most_items(config))
    dropped = 0
    for chunk in _chunks(pairs):
        read = fields.source.encode_many([pair.source for pair in chunk])
        written = fields.target.encode_many([pair.target for pair in chunk], read)
        kept = ((read.lengths > 0) | fields.source.may_be_empty) & (written.lengths > 0)
        lines = [pair.line for pair in chunk]
        fields.target.check_many(read.lengths * kept, written.lengths * kept, lines)
        fields.target.check_known([pair.target for pair in chunk], written, lines)
        sources.extend(read, kept)
        targets.extend(written, kept)
        dropped += int(np.count_nonzero(~kept))
    return Corpus(sources.build(), targets.build(), sources.unknown, targets.unknown, sources.cut, targets.cut, dropped)


def collate(corpus: Corpus, indices: Array) -> Batch:
    """These examples, `indices [B]`, as a padded batch."""
    index = np.asarray(indices, dtype=np.int64)
    return Batch(corpus.sources.padded(index), corpus.targets.padded(index), index)


@dataclass(frozen=True, slots=True)
class Example:
    """A source, all its distinct references, and the line where it first occurs.

    source, references: text, with columns joined by tabs; or real values `[S, F]`
    """

    source: Raw
    references: tuple[Raw, ...]
    line: int


def raw_pairs(pairs: Iterable[Pair]) -> Iterator[RawPair]:
    """Rows of a table; several columns of one side are joined by tabs."""
    return (RawPair("\t".join(pair.source), "\t".join(pair.target), pair.line) for pair in pairs)


def examples_of(pairs: Iterable[Pair]) -> list[Example]:
    """Group pairs by source, in the order in which sources first appear."""
    found: dict[str, tuple[int, dict[str, None]]] = {}
    for pair in raw_pairs(pairs):
        _, references = found.setdefault(pair.source, (pair.line, {}))
        references[pair.target] = None
    return [Example(source, tuple(references), line) for source, (line, references) in found.items()]


class _SideBuilder:
    """Collects the items of one side; most: items longer than this are cut."""

    def __init__(self, field: Field, most: int) -> None:
        self._field, self._most = field, most
        self._parts = [RaggedBuilder(*storage) for storage in field.storage()]
        self.unknown = self.cut = 0

    def extend(self, encoded: Encoded, kept: Array) -> None:
        """Add the items where `kept` `[n]` is True."""
        encoded, cut = self._field.truncate_many(encoded.kept(kept), self._most)
        self.cut += cut
        self.unknown += self._field.unknown(encoded.parts[0].values)
        for builder, flat in zip(self._parts, encoded.parts, strict=True):
            builder.extend(flat)

    def build(self) -> EncodedSide:
        """All items."""
        return EncodedSide(self._field, tuple(builder.build() for builder in self._parts))


def _chunks(pairs: Iterable[RawPair]) -> Iterator[list[RawPair]]:
    remaining = iter(pairs)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
