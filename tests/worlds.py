"""Tiny models of every kind that the registry can build, and tiny data for them.

A *world* is a model of the registry with settings small enough for laws to be checked in milliseconds. `VARIANTS`
covers each model's own switches and the kinds of cell; a model without variants has its default settings, shrunk, so
that every law runs on a new model at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple, get_args

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from unspool.config import CellName
from unspool.models.registry import MODELS, build, form_of, settings_of
from unspool.nn.masks import mask_of
from unspool.types import (
    BOS,
    EOS,
    FIRST_LABEL,
    UNK,
    Array,
    Copyable,
    Document,
    Form,
    Sequences,
    Sizes,
    Source,
    Tree,
    pad,
)

CELL_NAMES: tuple[CellName, ...] = get_args(CellName)
SIZES = Sizes(source=9, target=8)
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}

TWO_LAYERS: dict[str, Any] = {"encoder_layers": 2, "decoder_layers": 2}
UNLIKE: dict[str, Any] = {"encoder_size": 4, "decoder_size": 6, "embedding_size": 5}
# Each cell reads for the next one of the list, so that every kind of state crosses to another kind.
NEIGHBOURS = tuple(zip(CELL_NAMES, (*CELL_NAMES[1:], CELL_NAMES[0]), strict=True))
CROSSED = {f"{e}-to-{d}": {"encoder_cell": e, "decoder_cell": d, **UNLIKE} for e, d in NEIGHBOURS}
ALIKE = {cell: {"encoder_cell": cell, "decoder_cell": cell} for cell in CELL_NAMES}

VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "luong": {
        "default": {},
        "tied-output": {"tie_output": True},
        "tied-narrow": UNLIKE | {"tie_output": True, "input_feeding": True},
        **{score: {"score": score} for score in ("dot", "concat", "scaled_dot")},
        **{f"{s}-fed": {"score": s, "input_feeding": True} for s in ("dot", "general", "concat", "scaled_dot")},
        "location": {"score": "location", "positions": 4},
        "location-fed": {"score": "location", "positions": 4, "input_feeding": True},
        **{window: {"window": window, "window_size": 1} for window in ("local-m", "local-p")},
        "local-m-fed": {"window": "local-m", "window_size": 1, "input_feeding": True, "score": "concat"},
        "local-p-fed": {"window": "local-p", "window_size": 2, "input_feeding": True, "score": "dot"},
        "coverage": {"coverage": True},
        "coverage-concat-fed": {"coverage": True, "score": "concat", "input_feeding": True},
        "coverage-local": {"coverage": True, "window": "local-m", "window_size": 1, "score": "location"},
        "copying": {"copying": True},
        "copying-fed": {"copying": True, "input_feeding": True, "window": "local-p", "window_size": 2},
        "copying-tied": {"copying": True, "tie_output": True, "coverage": True, "score": "concat", **UNLIKE},
        **{label: values | {"bidirectional": False} for label, values in ALIKE.items()},
        **{f"{label}-fed": values | {"input_feeding": True} for label, values in CROSSED.items()},
        "layers": TWO_LAYERS | {"residual": True, "layer_norm": True},
        "layers-fed": TWO_LAYERS | {"residual": True, "layer_norm": True, "input_feeding": True},
        "deep-to-shallow": UNLIKE | {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 1, "decoder_layers": 3, "input_feeding": True},
    },
    "bahdanau": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"encoder_cell": "gru_reset_before", "decoder_cell": "gru_reset_before", "first_state": "backward"},
        "backward-lstm": {"encoder_cell": "gru", "decoder_cell": "lstm", "first_state": "backward", **UNLIKE},
        **CROSSED,
        "layers": TWO_LAYERS | {"residual": True, "layer_norm": True},
        "layers-backward": TWO_LAYERS | {"first_state": "backward", "decoder_cell": "lstm", "attention_size": 3},
        "coverage": {"coverage": True},
        "coverage-lstm": {"coverage": True, "decoder_cell": "lstm", **UNLIKE},
        "copying": {"copying": True},
        "pointer-generator": {"copying": True, "coverage": True, "decoder_cell": "lstm", **UNLIKE},
    },
    "sutskever": {
        "default": {},
        "tied-output": {"tie_output": True},
        "forward": {"reverse_source": False},
        "shared": {"shared": True},
        "shared-forward": {"shared": True, "reverse_source": False},
        "shared-layers": {"shared": True, "residual": True, "layer_norm": True},
        **{label: values | {"shared": True} for label, values in ALIKE.items()},
        **CROSSED,
        "deep-to-shallow": UNLIKE | {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 1, "decoder_layers": 3},
    },
    "cho": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"encoder_cell": "gru_reset_before", "decoder_cell": "gru_reset_before"},
        **CROSSED,
        "layers": TWO_LAYERS | {"residual": True, "layer_norm": True},
        "deep-to-shallow": UNLIKE | {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 1, "decoder_layers": 3},
    },
    "gnmt": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"encoder_layers": 4, "decoder_layers": 4},
        **{label: values | {"encoder_layers": 3, "decoder_layers": 3} for label, values in CROSSED.items()},
        "one-layer": {"encoder_layers": 1, "decoder_layers": 1, "attention_size": 3},
        "no-residual": {"encoder_layers": 3, "decoder_layers": 3, "residual": False, "layer_norm": True},
        "deep-to-shallow": UNLIKE | {"encoder_layers": 4, "decoder_layers": 2},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 2, "decoder_layers": 4},
    },
    "graves": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"cell": "lstm_peepholes", "layers": 3},
        "one-layer": {"layers": 1, "embedding_size": 5},
        **{cell: {"cell": cell, "size": 4} for cell in CELL_NAMES},
    },
    "classifier": {
        "default": {},
        **{cell: {"encoder_cell": cell, "bidirectional": False} for cell in CELL_NAMES},
        **{summary: {"summary": summary} for summary in ("mean", "max")},
        "layers": {"encoder_layers": 2, "residual": True, "layer_norm": True, "summary": "max"},
    },
    "tagger": {
        "default": {},
        **{cell: {"encoder_cell": cell, "encoder_size": 4} for cell in CELL_NAMES},
        "layers": {"encoder_layers": 2, "residual": True, "layer_norm": True},
    },
    "han": {
        "default": {},
        **{cell: {"cell": cell} for cell in CELL_NAMES},
        "other-sizes": {"embedding_size": 5, "word_size": 4, "sentence_size": 8, "attention_size": 3},
    },
    "transformer": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"norm_first": False},
        "one-head": {"heads": 1},
        "many-heads": {"size": 8, "heads": 4, "feed_forward_size": 5},
        "deep-to-shallow": {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": {"encoder_layers": 1, "decoder_layers": 3, "norm_first": False},
    },
}


class Examples(NamedTuple):
    """Source and target ids with their lengths."""

    source: Sequences[Tensor]
    target: Sequences[Tensor]


@dataclass(frozen=True)
class World:
    """A model of the registry with tiny settings."""

    model: str
    label: str
    values: dict[str, Any] = field(hash=False)

    def build(self, sizes: Sizes = SIZES, seed: int = 1) -> Any:
        """The model in evaluation mode, with weights so large that a mistake shows."""
        return enlarged(build(self.model, self.settings(), sizes), seed).eval()

    def settings(self) -> Any:
        """What it is built from."""
        return settings_of(self.model, shrunk(self.model) | self.values)

    @property
    def form(self) -> Form:
        """What it reads and writes."""
        return form_of(self.model, self.values)

    @property
    def labels(self) -> bool:
        """Whether it writes labels, and reads nothing of what it has written."""
        return self.form.writes in ("label", "labels")

    @property
    def dims(self) -> bool:
        """Whether its attention adds up to less than one: it is dimmed away from the middle of a window."""
        return self.values.get("window") == "local-p"

    @property
    def first(self) -> int:
        """The first symbol that it may write."""
        return FIRST_LABEL if self.labels else UNK

    def examples(self, source: tuple[int, ...] = (5, 1, 3, 4), target: tuple[int, ...] = (3, 6, 1, 5)) -> Examples:
        """Random ids of these lengths, of a kind that it reads and writes; a document has so many sentences."""
        return examples(source, target, documents=self.form.documents, first=self.first, copies=self.form.copies)

    def sources(self, rows: list[Array], sizes: Sizes = SIZES) -> list[Source]:
        """Ids as it reads them: a document's sentences have two words and three words in turn."""
        if self.form.copies:
            return [Copyable(row, numbered(row, sizes)) for row in rows]
        return [in_sentences(row) if self.form.documents else row for row in rows]


def shrunk(name: str) -> dict[str, Any]:
    """A model's default settings, with every size small and even, few layers and no dropout."""
    values = {}
    for key, value in settings_of(name, {}):
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


def worlds() -> Iterator[World]:
    for name in MODELS:
        for label, values in VARIANTS.get(name, {"default": {}}).items():
            yield World(name, label, values)


# For the laws that take longer: each model's default, and the variants in which all its switches differ from it.
LABELS = ("default", "general-fed", "layers-fed", "paper", "shared")
ATTENDING = ("location-fed", "local-m", "local-p-fed", "coverage", "copying-fed", "pointer-generator")
PLAIN = [world for world in worlds() if world.label in LABELS + ATTENDING]

every_world = pytest.mark.parametrize("world", list(worlds()), ids=lambda w: f"{w.model}-{w.label}")
plain_worlds = pytest.mark.parametrize("world", PLAIN, ids=lambda w: f"{w.model}-{w.label}")
# Those that read what they have written.
writing_worlds = pytest.mark.parametrize(
    "world", [world for world in worlds() if not world.labels], ids=lambda w: f"{w.model}-{w.label}"
)


@cache
def examples(
    source: tuple[int, ...] = (5, 1, 3, 4),
    target: tuple[int, ...] = (3, 6, 1, 5),
    seed: int = 1,
    *,
    documents: bool = False,
    first: int = UNK,
    copies: bool = False,
) -> Examples:
    """Random ids of these lengths, padded with zeros; targets begin with the symbol `first`.

    documents: the lengths of sources count sentences, of up to three words each
    copies:    sources can be copied, and where they hold symbols that the vocabulary lacks, targets begin with one
    """
    generator = torch.Generator().manual_seed(seed)
    read = _nested(source, generator) if documents else _ragged(source, UNK, SIZES.source, generator)
    written = _ragged(target, first, SIZES.target, generator)
    if copies:
        rows = [numbered(row[:length].numpy(), SIZES) for row, length in zip(read.values, source, strict=True)]
        read = replace(read, copies=torch.from_numpy(pad(rows).values))
        assert read.copies is not None
        last = read.copies.max(1).values
        written.values[:, 0] = torch.where(last >= SIZES.target, last, written.values[:, 0])
    return Examples(read, written)


def numbered(ids: Array, sizes: Sizes) -> Array:
    """A source's ids as a target vocabulary has them: the same, and new ones for the reserved and those beyond it."""
    new: dict[int, int] = {}
    known = range(EOS + 1, sizes.target)
    return np.array(
        [each if each in known else new.setdefault(each, sizes.target + len(new)) for each in ids.tolist()],
        dtype=np.int64,
    )


def _ragged(lengths: tuple[int, ...], first: int, symbols: int, generator: torch.Generator) -> Sequences[Tensor]:
    width = max(1, *lengths)
    values = torch.randint(first, symbols, (len(lengths), width), generator=generator)
    counts = torch.tensor(lengths)
    return Sequences(values * mask_of(counts, width), counts)


def _nested(lengths: tuple[int, ...], generator: torch.Generator) -> Sequences[Tensor]:
    counts, width = torch.tensor(lengths), max(1, *lengths)
    inner = torch.randint(1, 4, (len(lengths), width), generator=generator) * mask_of(counts, width)
    values = torch.randint(UNK, SIZES.source, (*inner.shape, 3), generator=generator)
    return Sequences(values * mask_of(inner.flatten(), 3).view(values.shape), counts, inner)


def in_sentences(ids: Array) -> Document:
    lengths = [len(part) for part in np.split(ids, [2, 5, 7]) if len(part)]
    return Document(ids, np.array(lengths, dtype=np.int64))


def shifted(target: Sequences[Tensor], first: Tensor | None = None) -> Tensor:
    """What a decoder is fed to write a target: a first item `[B]`, BOS unless given, then all but the last."""
    first = torch.full_like(target.lengths, BOS) if first is None else first
    return torch.cat([first.unsqueeze(1), target.values[:, :-1]], 1)


def longer(sequences: Sequences[Tensor], more: int, filling: int) -> Sequences[Tensor]:
    """The same sequences with `filling` at each padded position, and `more` such positions on every level."""
    if sequences.inner is None:
        wider = functional.pad(sequences.values, (0, more))
        padding = ~mask_of(sequences.lengths, wider.shape[1])
        copies = None if sequences.copies is None else functional.pad(sequences.copies, (0, more))
        copies = None if copies is None else copies.masked_fill(padding, filling)
        return Sequences(wider.masked_fill(padding, filling), sequences.lengths, copies=copies)
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
