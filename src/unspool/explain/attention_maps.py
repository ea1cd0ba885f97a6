"""Every attention of a network, each layer and head on its own, from what happened while it wrote an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from torch import Tensor

from unspool.errors import Mistake
from unspool.explain.forced_answer import ForcedAnswer
from unspool.explain.recording import Recording, record
from unspool.types import Array

Kind: TypeAlias = Literal["encoder", "decoder", "cross", "source", "sentences", "words"]


@dataclass(frozen=True, slots=True)
class AttentionMap:
    """The weights of one attention.

    kind:    encoder: of the source over itself; decoder: of the answer over what was written before; cross, source: of
             the answer over the source, in one of several layers or in the only place; sentences, words: of a document,
             the weights of sentences, and of words within their sentence
    layer:   from 1, bottom first; 0 if there is only one
    head:    the same
    rows:    names of who attends
    columns: names of what is attended to
    weights: `[rows, columns]`
    """

    kind: Kind
    layer: int
    head: int
    rows: list[str]
    columns: list[str]
    weights: Array

    def to_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        return {
            "kind": self.kind, "layer": self.layer, "head": self.head, "rows": self.rows, "columns": self.columns,
            "weights": self.weights.round(4).tolist(),
        }  # fmt: skip


def attention_maps(forced: ForcedAnswer) -> list[AttentionMap]:
    """All of them, in the order in which they are used. A network without attention is a `Mistake`."""
    recording = record(forced.model, forced.explained)
    found = [*_heads(recording, forced)] or [*_own(recording, forced)]
    if not found:
        what = "This model has no attention to show."
        raise Mistake(what, "See its states: --what states; or what its answers depend on: --what influence")
    return found


def _heads(recording: Recording, forced: ForcedAnswer) -> Iterator[AttentionMap]:
    """Of a network with many heads: those of the encoder, then those of the decoder."""
    source, tokens = forced.source_tokens, forced.tokens
    fed = ["<s>", *tokens[:-1]]
    for (phase, name), weights in sorted(recording.heads.items(), key=_place):
        layer = int(re.findall(r"\d+", name)[-1]) + 1
        kind: Kind = "cross" if name.endswith("cross") else "encoder" if phase == "reading" else "decoder"
        rows, columns = {"encoder": (source, source), "decoder": (tokens, fed), "cross": (tokens, source)}[kind]
        for head, one in enumerate(weights, 1):
            yield AttentionMap(kind, layer, head, rows, columns, _array(one)[: len(rows), : len(columns)])


def _own(recording: Recording, forced: ForcedAnswer) -> Iterator[AttentionMap]:
    """What the model itself calls its attention."""
    attention, tokens, source = recording.attention, forced.tokens, forced.source_tokens
    if isinstance(attention, tuple):
        assert forced.explained.source.inner is not None
        sentences, words = (_array(part[0]) for part in attention)
        inner = forced.explained.source.inner[0]
        numbers = [str(number) for number in range(1, len(inner) + 1)]
        yield AttentionMap("sentences", 0, 0, tokens, numbers, sentences)
        flat = np.concatenate([words[:, sentence, :length] for sentence, length in enumerate(inner)], axis=1)
        yield AttentionMap("words", 0, 0, tokens, source, flat)
    elif attention is not None:
        yield AttentionMap("source", 0, 0, tokens, source, _array(attention[0])[:, : len(source)])


def _array(weights: Tensor) -> Array:
    found: Array = weights.float().cpu().numpy()
    return found


def _place(entry: tuple[tuple[str, str], Tensor]) -> tuple[bool, bool, int]:
    (phase, name), _ = entry
    return phase == "writing", name.endswith("cross"), int(re.findall(r"\d+", name)[-1])
