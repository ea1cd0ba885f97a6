"""Tiny models of every kind that the registry can build, and tiny data for them.

A *world* is a model of the registry with settings small enough for laws to be checked in milliseconds, and the fields
that it reads and writes. `VARIANTS` covers each model's own switches and the kinds of cell. A model without variants
has its default settings, shrunk, so that every law runs on a new model at once. A model that can read or write real
values has worlds of them, too.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from unspool.config import DataConfig, resolve
from unspool.config.run import model_settings
from unspool.fields.copyable_text import Copyable
from unspool.fields.document import Document
from unspool.fields.field import Item, Side
from unspool.fields.ink import InkField
from unspool.fields.padding import pad
from unspool.fields.registry import Fields, field_class
from unspool.fields.values import ValuesField
from unspool.models.registry import build, entry_of, models
from unspool.nn.masks import mask_of
from unspool.text.chars import CharTokenizer
from unspool.types import (
    BOS,
    EOS,
    FIRST_LABEL,
    SPECIALS,
    UNK,
    Array,
    CopyableSymbols,
    Dimension,
    Dimensions,
    Ink,
    Labels,
    Sentences,
    Sequences,
    Symbols,
    Task,
    Tree,
    Values,
)
from variants import INK_VARIANTS, VALUES_VARIANTS, VARIANTS

SOURCE_SYMBOLS, TARGET_SYMBOLS = 9, 8
SOURCE_FEATURES, TARGET_FEATURES = 3, 2
DIMENSIONS = Dimensions(Symbols(SOURCE_SYMBOLS), Symbols(TARGET_SYMBOLS))
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}


class Examples(NamedTuple):
    """Sources and targets with their lengths."""

    source: Sequences[Tensor]
    target: Sequences[Tensor]

    def of_type(self, model: Any) -> Examples:
        """The same, real values in the precision of a model's parameters."""
        kind = next(model.parameters()).dtype
        parts = (side.values.to(kind) if side.values.is_floating_point() else side.values for side in self)
        return Examples(*(replace(side, values=values) for side, values in zip(self, parts, strict=True)))


@dataclass(frozen=True)
class World:
    """A model of the registry with tiny settings.

    given:   what it reads and writes; None: what the registry names first
    symbols: how many there are in the source and in the target, where they have symbols
    """

    model: str
    label: str
    values: dict[str, Any] = field(hash=False)
    given: Task | None = None
    symbols: tuple[int, int] = (SOURCE_SYMBOLS, TARGET_SYMBOLS)

    def build(self, seed: int = 1) -> Any:
        """The model in evaluation mode, with weights so large that a mistake shows."""
        return enlarged(build(self.settings(), self.dimensions), seed).eval()

    def settings(self) -> Any:
        """What it is built from."""
        return resolve({"model": {"name": self.model} | shrunk(self.model) | self.values}).model

    @property
    def task(self) -> Task:
        """What it reads and writes, by kinds of field."""
        return self.given or entry_of(self.model).task

    @property
    def copies(self) -> bool:
        """Whether it can copy symbols of the source."""
        return bool(self.settings().copies)

    @property
    def fields(self) -> Fields:
        """Fields of its task; symbols are letters."""
        return fields_of(self.task, self.symbols, copies=self.copies)

    @property
    def dimensions(self) -> Dimensions:
        """What its network knows of its fields."""
        return self.fields.dimensions

    @property
    def labels(self) -> bool:
        """Whether it writes labels or one step for each item, and reads nothing of what it has written."""
        return isinstance(self.dimensions.target, Labels) or self.aligned

    @property
    def aligned(self) -> bool:
        """Whether it writes one item for each of the source's."""
        return bool(self.fields.target.one_for_each)

    @property
    def writes_symbols(self) -> bool:
        """Whether there is a best continuation: real values have none."""
        return not isinstance(self.dimensions.target, Values | Ink)

    @property
    def has_modes(self) -> bool:
        """Whether its answers are the likeliest values; those of quantiles are medians."""
        return self.values.get("density") != "quantiles"

    @property
    def dims(self) -> bool:
        """Whether its attention adds up to less than one: it is dimmed away from the middle of a window."""
        return self.values.get("window") == "local-p"

    @property
    def has_weights(self) -> bool:
        """Whether its attention has a fixed sum; the heights of a soft window have none."""
        return self.model != "synthesis"

    @property
    def first(self) -> int:
        """The first symbol that it may write."""
        return first_of(self.dimensions.target)

    def examples(self, source: tuple[int, ...] = (5, 1, 3, 4), target: tuple[int, ...] = (3, 6, 1, 5)) -> Examples:
        """Random items of these lengths, of a kind that it reads and writes; a document has so many sentences."""
        return examples(source, target, dimensions=self.dimensions)

    def random_items(self, *shape: int, seed: int = 1) -> Tensor:
        """Random items that it may write, `[*shape]`; `[*shape, F]` of real values."""
        return random_items(self.dimensions.target, shape, torch.Generator().manual_seed(seed))

    def sources(self, rows: list[Array]) -> list[Item]:
        """Ids as it reads them: a document's sentences have two words and three words in turn."""
        return [SOURCES.get(type(self.dimensions.source), _as_they_are)(row, self.dimensions) for row in rows]

    def batch(self, rows: list[Array]) -> Sequences[Array]:
        """The same sources as one padded batch."""
        return self.fields.source.collate(self.sources(rows))


@cache
def fields_of(task: Task, symbols: tuple[int, int], *, copies: bool = False) -> Fields:
    """Fields of these kinds, with so many symbols or with a few features."""
    source = _field(task.source, symbols[0], SOURCE_FEATURES, "source")
    fields = Fields(source, _field(task.target, symbols[1], TARGET_FEATURES, "target"))
    return fields.copyable(DataConfig()) if copies else fields


def _field(kind: str, symbols: int, features: int, side: Side) -> Any:
    if issubclass(field_class(kind), ValuesField):
        return field_class(kind)(np.zeros(features), np.ones(features))  # type: ignore[call-arg]
    if kind == InkField.kind:
        return InkField(np.zeros(2), np.ones(2), ends=side == "target")
    tokenizer = CharTokenizer.fit([string.ascii_letters[: symbols - len(SPECIALS)]])
    kind_class: Any = field_class(kind)
    return kind_class.of(tokenizer, DataConfig(), side)


def shrunk(name: str) -> dict[str, Any]:
    """A model's default settings, with every size small and even, few layers and no dropout."""
    values = {}
    for key, value in model_settings()[name](name=name):
        if key == "size" or key.endswith("_size"):
            values[key] = 6
        elif key == "heads":
            values[key] = 2
        elif key.endswith("_layers"):
            values[key] = min(value, 2)
        elif "dropout" in key:
            values[key] = 0.0
    return values


def enlarged(module: Any, seed: int = 1) -> Any:
    """Every parameter drawn anew, biases and PAD's embedding included, whatever it was set to at first."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(0.5 * torch.randn(parameter.shape, generator=generator))
    return module


# Models that are tested on texts that are read and real values that are written.
TEXT_TO_VALUES = {"luong": "values", "tagger": "aligned_values"}


def worlds() -> Iterator[World]:
    for name, entry in models().items():
        for label, values in VARIANTS.get(name, {"default": {}}).items():
            yield World(name, label, values)
        if "values" in entry.reads:
            for label, values in VALUES_VARIANTS.get(name, {"default": {}}).items():
                tasks = [Task("values", kind) for kind in entry.writes if kind == "values" or "density" not in values]
                yield from (World(name, f"{label}-values-to-{task.target}", values, task) for task in tasks)
        if target := TEXT_TO_VALUES.get(name):
            yield World(name, f"default-text-to-{target}", {}, Task("text", target))
        for label, values in INK_VARIANTS.get(name, {}).items():
            written = "ink" if "ink" in entry.writes else "text"
            yield World(name, f"{label}-ink-to-{written}", values, Task("ink", written))


# For the laws that take longer: each model's default, and the variants in which all its switches differ from it.
LABELS = ("default", "general-fed", "layers-fed", "paper", "shared")
ATTENDING = ("location-fed", "local-m", "local-p-fed", "coverage", "copying-fed", "pointer-generator")
PLAIN = [world for world in worlds() if world.given or world.label in LABELS + ATTENDING]
# For the laws that export: an export takes seconds. Each model's default, and what adds nodes of its own to a graph.
# All other worlds are exported by `pytest -m exhaustive`; copying-fed has a window, too.
NODES = ("location-fed", "copying-fed", "pointer-generator")
VALUES_NODES = {("luong", "fed-values-to-values"), ("luong", "mixture-values-to-values")}
EXPORTED = [
    world for world in PLAIN if world.label in ("default", *NODES) or (world.model, world.label) in VALUES_NODES
]


def on(chosen: Iterable[World]) -> Any:
    """Run a law on these worlds."""
    return pytest.mark.parametrize("world", list(chosen), ids=lambda w: f"{w.model}-{w.label}")


every_world, plain_worlds = on(worlds()), on(PLAIN)
# Those that read what they have written, and those for which there are best continuations.
writing_worlds = on(world for world in worlds() if not world.labels)
symbol_worlds = on(world for world in worlds() if world.writes_symbols)
plain_symbol_worlds = on(world for world in PLAIN if world.writes_symbols)
exported_worlds = on(EXPORTED)


@cache
def examples(
    source: tuple[int, ...] = (5, 1, 3, 4),
    target: tuple[int, ...] = (3, 6, 1, 5),
    seed: int = 1,
    dimensions: Dimensions = DIMENSIONS,
) -> Examples:
    """Random items of these lengths, padded with zeros; targets begin with the first symbol that may be written.

    Of documents the lengths of sources count sentences, of up to three words each. Where sources can be copied and hold
    symbols that the vocabulary lacks, targets begin with one.
    """
    generator = torch.Generator().manual_seed(seed)
    nested = isinstance(dimensions.source, Sentences)
    read = (_nested if nested else _ragged)(source, dimensions.source, generator)
    written = _ragged(target, dimensions.target, generator)
    if isinstance(dimensions.source, CopyableSymbols):
        rows = [numbered(row[:length].numpy(), dimensions) for row, length in zip(read.values, source, strict=True)]
        read = replace(read, copies=torch.from_numpy(pad(rows).values))
        assert read.copies is not None
        last = read.copies.max(1).values
        written.values[:, 0] = torch.where(last >= _count(dimensions.target), last, written.values[:, 0])
    return Examples(read, written)


def numbered(ids: Array, dimensions: Dimensions) -> Array:
    """A source's ids as a target vocabulary has them: the same, and new ones for the reserved and those beyond it."""
    new: dict[int, int] = {}
    count = _count(dimensions.target)
    known = range(EOS + 1, count)
    return np.array(
        [each if each in known else new.setdefault(each, count + len(new)) for each in ids.tolist()],
        dtype=np.int64,
    )


def first_of(dimension: Dimension) -> int:
    """The first symbol that may be written."""
    return FIRST_LABEL if isinstance(dimension, Labels) else UNK


def random_items(dimension: Dimension, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Ids `[*shape]`, or real values `[*shape, F]`."""
    if isinstance(dimension, Values):
        return torch.randn(*shape, dimension.features, generator=generator)
    if isinstance(dimension, Ink):
        lifted = torch.randint(0, 2, (*shape, 1), generator=generator)
        return torch.cat([torch.randn(*shape, 2, generator=generator), lifted], -1)
    return torch.randint(first_of(dimension), dimension.count, shape, generator=generator)


def changed(items: Tensor, symbols: int) -> Tensor:
    """Other items than these, each of them: ids below `symbols`, or real values."""
    return items + 1 if items.is_floating_point() else UNK + (items - 1) % (symbols - UNK)


def _count(dimension: Dimension) -> int:
    assert not isinstance(dimension, Values | Ink)
    return dimension.count


def _ragged(lengths: tuple[int, ...], dimension: Dimension, generator: torch.Generator) -> Sequences[Tensor]:
    width, counts = max(1, *lengths), torch.tensor(lengths)
    values = random_items(dimension, (len(lengths), width), generator)
    return Sequences(values * like(mask_of(counts, width), values), counts)


def _nested(lengths: tuple[int, ...], dimension: Dimension, generator: torch.Generator) -> Sequences[Tensor]:
    counts, width = torch.tensor(lengths), max(1, *lengths)
    inner = torch.randint(1, 4, (len(lengths), width), generator=generator) * mask_of(counts, width)
    values = torch.randint(UNK, _count(dimension), (*inner.shape, 3), generator=generator)
    return Sequences(values * mask_of(inner.flatten(), 3).view(values.shape), counts, inner)


def in_sentences(ids: Array) -> Document:
    lengths = [len(part) for part in np.split(ids, [2, 5, 7]) if len(part)]
    return Document(ids, np.array(lengths, dtype=np.int64))


def _as_they_are(ids: Array, dimensions: Dimensions) -> Array:
    return ids


# What stands for each symbol where real values are read.
VECTORS = np.random.default_rng(1).normal(size=(SOURCE_SYMBOLS, SOURCE_FEATURES)).astype(np.float32)
DOTS = np.concatenate([VECTORS[:, :2], VECTORS[:, 2:] > 0], axis=1).astype(np.float32)
SOURCES: dict[type[Dimension], Callable[[Array, Dimensions], Item]] = {
    Sentences: lambda ids, dimensions: in_sentences(ids),
    CopyableSymbols: lambda ids, dimensions: Copyable(ids, numbered(ids, dimensions)),
    Values: lambda ids, dimensions: VECTORS[ids.astype(np.int64)],
    Ink: lambda ids, dimensions: DOTS[ids.astype(np.int64)],
}


def shifted(target: Sequences[Tensor], first: Tensor | None = None) -> Tensor:
    """What a decoder is fed to write a target: a first item `[B, …]`, then all but the last.

    The first one is BOS unless given, or zeros before real values.
    """
    if first is None:
        first = torch.full_like(target.values[:, 0], 0 if target.values.is_floating_point() else BOS)
    return torch.cat([first.unsqueeze(1), target.values[:, :-1]], 1)


def like(mask: Tensor, values: Tensor) -> Tensor:
    """A mask `[B, S]` with an axis for the features of values `[B, S, F]`."""
    return mask.unsqueeze(-1) if values.dim() > mask.dim() else mask


def longer(sequences: Sequences[Tensor], more: int, filling: int) -> Sequences[Tensor]:
    """The same sequences with `filling` at each padded position, and `more` such positions on every level."""
    if sequences.inner is None:
        features = (0, 0) * (sequences.values.dim() - 2)
        wider = functional.pad(sequences.values, (*features, 0, more))
        padding = ~mask_of(sequences.lengths, wider.shape[1])
        copies = None if sequences.copies is None else functional.pad(sequences.copies, (0, more))
        copies = None if copies is None else copies.masked_fill(padding, filling)
        return Sequences(wider.masked_fill(like(padding, wider), filling), sequences.lengths, copies=copies)
    wider, inner = functional.pad(sequences.values, (0, more, 0, more)), functional.pad(sequences.inner, (0, more))
    padding = ~mask_of(inner.flatten(), wider.shape[2]).view(wider.shape)
    inner = inner.masked_fill(~mask_of(sequences.lengths, inner.shape[1]), min(filling, wider.shape[2]))
    return Sequences(wider.masked_fill(padding, filling), sequences.lengths, inner)


def member(sequences: Sequences[Tensor], index: int) -> Sequences[Tensor]:
    """One sequence alone, without padding; an empty one has a single padded column, as `pad` gives it."""
    one, length = slice(index, index + 1), max(1, int(sequences.lengths[index]))
    if sequences.inner is None:
        copies = None if sequences.copies is None else sequences.copies[one, :length]
        return Sequences(sequences.values[one, :length], sequences.lengths[one], copies=copies)
    inner = sequences.inner[one, :length]
    return Sequences(sequences.values[one, :length, : max(1, int(inner.max()))], sequences.lengths[one], inner)


def places(sequences: Sequences[Tensor]) -> list[tuple[int, ...]]:
    """Where the real items stand in the values."""
    return [tuple(place) for place in real(sequences, sequences.values).nonzero().tolist()]


def real(sequences: Sequences[Tensor], like: Tensor) -> Tensor:
    """True at the real items, `[B, S]`; of a document at its sentences `[B, N]`, or their words `[B, N, W]`."""
    mask = mask_of(sequences.lengths, like.shape[1])
    if sequences.inner is None or like.dim() == 2:
        return mask
    return mask_of(sequences.inner.flatten(), like.shape[2]).view(like.shape) & mask.unsqueeze(-1)


def leaves(tree: Tree) -> list[Tensor]:
    """All arrays of a tree in order."""
    if tree is None:
        return []
    return [leaf for branch in tree for leaf in leaves(branch)] if isinstance(tree, tuple) else [tree]


def assert_same(actual: Tree, expected: Tree, **tolerance: float) -> None:
    """Two trees of one shape hold the same numbers."""
    actual, expected = leaves(actual), leaves(expected)
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected, strict=True):
        torch.testing.assert_close(one, other, **(tolerance or TOLERANCE))
