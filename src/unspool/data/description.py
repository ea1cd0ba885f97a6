"""The description of a table by `unspool describe`: its contents, and tokenizers and settings that suit it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from unspool.config import DataConfig, RunConfig
from unspool.data.column_stats import ColumnStats, Lengths, TableStats, lengths_of
from unspool.data.columns import Column
from unspool.data.tables import Pairs
from unspool.data.text_forms import split_by_form, unlike_case, unlike_forms
from unspool.text import registry
from unspool.text.labels import label_counts, model_of_labels
from unspool.types import Array

# The number of most frequent and of rarest characters that are listed.
LISTED = 10
# A batch should hold at least this many examples of usual length.
EXAMPLES = 16
# Shares from which on there is a warning, in percent.
MANY_IDENTICAL, MANY_DUPLICATES = 1.0, 10.0
SIDES = ("source", "target")


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """A suggested tokenizer for one column, and the reason."""

    column: Column
    tokenizer: str
    reason: str


@dataclass(frozen=True, slots=True)
class SideDescription:
    """One side of a table.

    characters: lengths of the rows in characters, all columns together
    tokens:     lengths of a sample of the rows, in symbols of the suggested tokenizers
    alphabet:   number of distinct characters
    commonest, rarest: characters with their counts
    scripts:    writing systems with their shares of the letters, the most frequent first
    """

    columns: tuple[ColumnDescription, ...]
    characters: Lengths
    tokens: Lengths
    alphabet: int
    commonest: list[tuple[str, int]]
    rarest: list[tuple[str, int]]
    scripts: dict[str, float]


@dataclass(frozen=True, slots=True)
class DataDescription:
    """The description of a table.

    counted:         rows that the next three counts are based on; fewer than `rows` only in very large tables
    sources:         distinct sources
    duplicates:      rows that repeat an earlier row
    several_targets: sources with more than one distinct target
    identical:       rows whose source and target are the same
    skipped:         rows that were skipped
    settings:        flags that would fit this data better than the defaults
    """

    rows: int
    counted: int
    sources: int
    duplicates: int
    several_targets: int
    identical: int
    skipped: int
    source: SideDescription
    target: SideDescription
    settings: list[str]
    warnings: list[str]


def describe(pairs: Pairs, valid: Pairs | None = None) -> DataDescription:
    """Read a table once, and its validation table, if there is one, to count the sources that they share."""
    stats = TableStats(pairs)
    columns = pairs.columns
    warnings = [*pairs.stats.messages(), *_doubtful(stats)]
    sources, duplicates = stats.sources(), stats.duplicates()
    if duplicates * 100 >= MANY_DUPLICATES * stats.counted:
        warnings.append(f"Rows that repeat an earlier row: {_share(duplicates, stats.counted)}.")
    for side in SIDES:
        warnings += split_by_form(side, _texts(stats, side))
    if valid is not None:
        validation = TableStats(valid)
        warnings += _overlap(sources, validation.sources())
        for side in SIDES:
            warnings += unlike_case(side, *(getattr(each, side).characters for each in (stats, validation)))
            warnings += unlike_forms(side, *(_texts(each, side) for each in (stats, validation)))
    labels = len(columns.target or ()) == 1 and label_counts(pair.target[0] for pair in stats.sample)
    source, read = _side(stats.source, columns.source, [pair.source for pair in stats.sample])
    target, written = _side(stats.target, columns.target or (), [pair.target for pair in stats.sample])
    return DataDescription(
        rows=stats.rows,
        counted=stats.counted,
        sources=len(sources),
        duplicates=duplicates,
        several_targets=stats.several_targets(),
        identical=stats.identical,
        skipped=pairs.stats.skipped,
        source=source,
        target=target,
        settings=[
            *[f"--model {model_of_labels(pair.source for pair in stats.sample)}"] * bool(labels),
            *_settings(source, target, read + written),
        ],
        warnings=warnings,
    )


def _texts(stats: TableStats, side: str) -> Iterator[str]:
    """The cells of a sample of one side."""
    return (text for pair in stats.sample for text in getattr(pair, side))


def _side(
    stats: ColumnStats, columns: tuple[Column, ...], sample: list[tuple[str, ...]]
) -> tuple[SideDescription, Array]:
    """The description of one side, and the length in symbols of each row of the sample."""
    texts = [list(column) for column in zip(*sample, strict=True)]
    described = tuple(_column(column, lines) for column, lines in zip(columns, texts, strict=True))
    symbols = sum(_symbols(known.tokenizer, lines) for known, lines in zip(described, texts, strict=True))
    assert isinstance(symbols, np.ndarray)
    ranked = stats.characters.most_common()
    description = SideDescription(
        columns=described,
        characters=lengths_of(stats.lengths),
        tokens=lengths_of(Counter(symbols.tolist())),
        alphabet=len(ranked),
        commonest=ranked[:LISTED],
        rarest=ranked[: -LISTED - 1 : -1],
        scripts=_scripts(stats.characters),
    )
    return description, symbols


def _column(column: Column, lines: list[str]) -> ColumnDescription:
    if column.tokenizer is not None:
        return ColumnDescription(column, column.tokenizer, "--columns asks for it")
    return ColumnDescription(column, *registry.suggest(lines))


def _symbols(kind: str, lines: list[str]) -> Array:
    data = DataConfig()
    tokenizer = registry.fit(kind, lines, size=data.subword_size, min_count=data.min_count)
    return np.array([len(ids) for ids in tokenizer.encode_many(lines)], dtype=np.int64)


def _scripts(characters: Counter[str]) -> dict[str, float]:
    """Writing systems by the first word of their letters' Unicode names: Latin, Hangul, Cjk."""
    counts: Counter[str] = Counter()
    for character, count in characters.items():
        if character.isalpha():
            counts[unicodedata.name(character, "Unnamed").split()[0].title()] += count
    return {script: count / counts.total() for script, count in counts.most_common()}


def _settings(source: SideDescription, target: SideDescription, together: Array) -> list[str]:
    """Flags for settings whose default would cut sequences or make batches of few examples."""
    defaults = RunConfig()
    usual = int(np.percentile(together, 95)) + 1
    wanted = [
        ("data.max_source", source.tokens.maximum, defaults.data.max_source),
        ("data.max_target", target.tokens.maximum, defaults.data.max_target),
        ("training.batch_symbols", _power_of_two(EXAMPLES * usual), defaults.training.batch_symbols),
    ]
    return [f"--set {key}={value}" for key, value, default in wanted if value > default]


def _doubtful(stats: TableStats) -> Iterable[str]:
    if stats.identical * 100 >= MANY_IDENTICAL * stats.rows:
        yield f"Rows with the same text as source and target: {_share(stats.identical, stats.rows)}."


def _overlap(training: Array, validation: Array) -> Iterable[str]:
    shared = int(np.isin(validation, training, assume_unique=True).sum())
    if shared:
        yield f"Validation sources that are in the training data too: {_share(shared, len(validation))}."


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({100 * part / whole:.1f} %)"


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()
