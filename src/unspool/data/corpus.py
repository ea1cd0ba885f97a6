"""Pairs as ids, for training; sources with all their right answers, for evaluating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from unspool.data.copyable import encode_copyable
from unspool.data.documents import encode_documents
from unspool.data.ragged import Ragged, RaggedBuilder, RaggedValues
from unspool.data.reading import counted
from unspool.data.tables import Pair
from unspool.errors import Mistake
from unspool.text.copying import Copier
from unspool.text.registry import encode_flat
from unspool.types import EOS, UNK, Array, Batch, Form, Tokenizer, nest

# Pairs handed to a tokenizer at once.
CHUNK = 4096
ANY = Form()


@dataclass(frozen=True, slots=True)
class Corpus:
    """Training pairs as ids; a source with several targets is there once for each.

    sources, targets: one sequence a pair; targets with their EOS, where a model writes one
    sentences: of documents, how many words each sentence has, before the document was cut
    copies: of sources that can be copied, the same symbols in the target vocabulary
    unknown_source, unknown_target: symbols that became UNK
    cut_sources, cut_targets: sequences cut to the longest length allowed
    dropped: pairs left out because a tokenizer made nothing of their source or target
    """

    sources: Ragged | RaggedValues
    targets: Ragged
    unknown_source: int = 0
    unknown_target: int = 0
    cut_sources: int = 0
    cut_targets: int = 0
    dropped: int = 0
    sentences: Ragged | None = None
    copies: Ragged | None = None

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.sources)

    def messages(self) -> list[str]:
        """A sentence for each thing that a person should know; none where all is well."""
        said = [
            (self.unknown_source, "symbol of a source is", "symbols of sources are", "unknown and read as <unk>"),
            (self.unknown_target, "symbol of a target is", "symbols of targets are", "unknown and learned as <unk>"),
            (self.cut_sources, "source is", "sources are", "cut; --set data.max_source=… allows longer ones"),
            (self.cut_targets, "target is", "targets are", "cut; --set data.max_target=… allows longer ones"),
            (self.dropped, "pair is", "pairs are", "left out because nothing of source or target is left as symbols"),
        ]
        return [f"{counted(count, one, many)} {what}." for count, one, many, what in said if count]


def tokenise(
    pairs: Iterable[Pair],
    source_tokenizer: Tokenizer,
    target_tokenizer: Tokenizer,
    *,
    max_source: int = 1000,
    max_target: int = 1000,
    max_sentence: int = 40,
    form: Form = ANY,
) -> Corpus:
    """Turn pairs into ids, streaming; several columns of one side are joined by tabs.

    max_source, max_target: symbols; longer sequences are cut (EOS comes on top)
    max_sentence: symbols of a sentence, where `form` says that sources are documents; longer ones become several
    form: what the model reads and writes; only text ends with EOS, and of labels for each item there must be so many
    """
    copier = Copier(source_tokenizer, target_tokenizer) if form.copies else None
    symbols = len(target_tokenizer) + (max_source if copier else 0)
    sources = _Side(len(source_tokenizer), max_source, end=False)
    targets = _Side(symbols, max_source if form.writes == "labels" else max_target, end=form.writes == "text")
    sentences, copies = RaggedBuilder(max_sentence + 1), RaggedBuilder(symbols)
    dropped = 0
    for chunk in _chunks(pairs):
        texts = ["\t".join(pair.source) for pair in chunk]
        if form.documents:
            read, read_lengths, inside, counts = encode_documents(source_tokenizer, texts, max_sentence)
        else:
            read, read_lengths = encode_flat(source_tokenizer, texts)
        answers = ["\t".join(pair.target) for pair in chunk]
        if copier:
            copied, copied_lengths, written, written_lengths = encode_copyable(copier, texts, answers, max_source)
        else:
            written, written_lengths = encode_flat(target_tokenizer, answers)
        kept = (read_lengths > 0) & (written_lengths > 0)
        if form.writes == "labels":
            _check_alignment([pair.line for pair in chunk], read_lengths * kept, written_lengths * kept)
        if form.documents:
            sentences.extend(inside[np.repeat(kept, counts)], counts[kept])
        if copier:
            copies.extend(copied[np.repeat(kept, copied_lengths)], copied_lengths[kept])
        sources.extend(read, read_lengths, kept)
        targets.extend(written, written_lengths, kept)
        dropped += int(np.count_nonzero(~kept))
    return Corpus(
        sources=sources.built.build(),
        targets=targets.built.build(),
        unknown_source=sources.unknown,
        unknown_target=targets.unknown,
        cut_sources=sources.cut,
        cut_targets=targets.cut,
        dropped=dropped,
        sentences=sentences.build() if form.documents else None,
        copies=copies.build() if form.copies else None,
    )


def real_valued_corpus(
    sources: Sequence[Array], targets: Sequence[str], tokenizer: Tokenizer,
    *, max_source: int, max_target: int, form: Form,
) -> Corpus:  # fmt: skip
    """Sources `[S, F]` of real values, and a text for each, of which something must be left as symbols."""
    written, lengths = encode_flat(tokenizer, targets)
    if form.writes == "labels":
        _check_alignment(range(1, len(sources) + 1), np.array([len(source) for source in sources]), lengths)
    side = _Side(len(tokenizer), max_source if form.writes == "labels" else max_target, end=form.writes == "text")
    side.extend(written, lengths, lengths > 0)
    return Corpus(
        sources=RaggedValues.of([source[:max_source] for source in sources]),
        targets=side.built.build(),
        unknown_target=side.unknown,
        cut_sources=sum(len(source) > max_source for source in sources),
        cut_targets=side.cut,
    )


def collate(corpus: Corpus, indices: Array) -> Batch:
    """These examples, `indices [B]`, as a padded batch of int64."""
    index = np.asarray(indices, dtype=np.int64)
    source = corpus.sources.padded(index)
    if corpus.sentences is not None:
        source = nest(source, corpus.sentences.padded(index))
    if corpus.copies is not None:
        source = replace(source, copies=corpus.copies.padded(index).values)
    return Batch(source, corpus.targets.padded(index), index)


@dataclass(frozen=True, slots=True)
class Example:
    """A source, all its right answers without repeats, and the line where it first stands.

    source: text, columns joined by tabs; or real values `[S, F]`
    """

    source: str | Array
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
    """The sequences of one side while they grow; `symbols`: ids are below this."""

    def __init__(self, symbols: int, most: int, *, end: bool) -> None:
        self.built, self._most, self._end = RaggedBuilder(symbols), most, end
        self.unknown = self.cut = 0

    def extend(self, ids: Array, lengths: Array, kept: Array) -> None:
        """Add those of the sequences, one behind the other in `ids`, that are `kept [n]`."""
        place = np.arange(len(ids)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        ids = ids[np.repeat(kept, lengths) & (place < self._most)]
        whole, lengths = (lengths <= self._most)[kept], np.minimum(lengths, self._most)[kept]
        self.cut += int(np.count_nonzero(~whole))
        self.unknown += int(np.count_nonzero(ids == UNK))
        # What is cut does not end there, and a model should not learn that it does.
        if self._end:
            ids, lengths = np.insert(ids, np.cumsum(lengths)[whole], EOS), lengths + whole
        self.built.extend(ids, lengths)


def _check_alignment(lines: Sequence[int], read: Array, written: Array) -> None:
    """Whether every source item has one label: `[n]` symbols of each source and of each target."""
    for number in map(int, np.flatnonzero(read != written)):
        what = f"Line {lines[number]}: {counted(int(read[number]), 'symbol', 'symbols')} in the source"
        what = f"{what}, and {counted(int(written[number]), 'label', 'labels')} in the target."
        raise Mistake(what, "A tagger writes one label for each symbol; do data.source_tokenizer and the labels agree?")


def _chunks(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    remaining = iter(pairs)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
