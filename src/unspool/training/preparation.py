"""From tables to everything that a run learns from: tokenizers, the corpus, and examples to validate on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unspool.config import DataConfig
from unspool.data.columns import Column
from unspool.data.corpus import Corpus, Example, examples_of, tokenise
from unspool.data.reservoir import sample
from unspool.data.splits import Part, held_out
from unspool.data.tables import Pairs
from unspool.text import registry
from unspool.text.joined import JoinedTokenizer
from unspool.types import UNK, Tokenizer


@dataclass(frozen=True)
class Prepared:
    """What a run learns from, and what a person should be told about it."""

    source_tokenizer: Tokenizer
    target_tokenizer: Tokenizer
    corpus: Corpus
    examples: list[Example]
    messages: list[str]


def prepare(table: Pairs, valid: Pairs | None, config: DataConfig, tokenizers: tuple[Tokenizer, ...]) -> Prepared:
    """Read, hold out, choose and fit tokenizers (or keep the given ones, source and target), tokenise."""
    messages: list[str] = []
    training: Pairs | Part = table
    validation: Pairs | Part | None = valid
    if validation is None:
        split = held_out(table, config.held_out, config.held_out_most)
        training, validation = split.train, split.valid
        messages.append(split.message())
    source, target = tokenizers or (
        fit_side(training, "source", table.columns.source, config, messages),
        fit_side(training, "target", table.columns.target or (), config, messages),
    )
    corpus = tokenise(training, source, target, max_source=config.max_source, max_target=config.max_target)
    examples = examples_of(validation)
    messages += table.reading.messages() + (valid.reading.messages() if valid else [])
    messages += [*corpus.messages(), *_unseen(examples, source)]
    return Prepared(source, target, corpus, examples, messages)


def fit_side(
    pairs: Pairs | Part, side: str, columns: tuple[Column, ...], config: DataConfig, messages: list[str]
) -> Tokenizer:
    """A tokenizer for each column of a side, by name or chosen from the data; several are joined."""
    default = config.source_tokenizer if side == "source" else config.target_tokenizer
    parts = [
        _fit_column(pairs, side, place, column.tokenizer or default, config, messages)
        for place, column in enumerate(columns)
    ]
    return parts[0] if len(parts) == 1 else JoinedTokenizer(parts)


def _fit_column(
    pairs: Pairs | Part, side: str, place: int, kind: str, config: DataConfig, messages: list[str]
) -> Tokenizer:
    def lines() -> Iterator[str]:
        return ((pair.source if side == "source" else pair.target)[place] for pair in pairs)

    if kind == "auto":
        kind, reason = registry.suggest(sample(lines()))
        messages.append(f"The {side} is read as {kind}: {reason}")
    return registry.fit(kind, lines(), size=config.subword_size, min_count=config.min_count)


def _unseen(examples: list[Example], source: Tokenizer) -> list[str]:
    """How many validation sources hold symbols that training never saw."""
    count = sum(UNK in source.encode(example.source) for example in examples)
    return [f"{count:,} validation sources hold symbols never seen in training; they read as <unk>."] if count else []
