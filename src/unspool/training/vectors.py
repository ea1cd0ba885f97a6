"""Embeddings that start from pretrained word vectors."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from unspool.config import DataConfig
from unspool.data.vectors import read_vectors
from unspool.errors import Mistake
from unspool.fields.differences import symbols_of
from unspool.fields.field import Field, Side
from unspool.fields.registry import Fields
from unspool.nn.embedding import Embedding, embeddings_of
from unspool.plural import counted
from unspool.types import SPECIALS


def start_from_vectors(model: nn.Module, fields: Fields, config: DataConfig) -> list[str]:
    """Copy the word vectors of both sides' files, if given, into a model; returns a message for each file."""
    embeddings = embeddings_of(model)
    sides: tuple[tuple[Side, str | None, int, Field], ...] = (
        ("source", config.source_vectors, 0, fields.source),
        ("target", config.target_vectors, -1, fields.target),
    )
    return [fill(embeddings[place], Path(path), field, side) for side, path, place, field in sides if path]


@torch.no_grad()
def fill(embedding: Embedding, path: Path, field: Field, side: Side) -> str:
    """Copy the vectors of the symbols in a file; the others keep their random start. Returns a message with counts."""
    symbols = symbols_of(field)
    places, vectors = read_vectors(path, symbols, embedding.size)
    total = counted(len(symbols), "symbol", "symbols")
    if not len(places):
        what = f"{path} holds none of the {total} of the {side}, such as {', '.join(map(repr, symbols[:3]))}."
        raise Mistake(what, f"Are its symbols of the same kind? data.{side}_tokenizer=words reads words.")
    rows = torch.from_numpy(places) + len(SPECIALS)
    table = embedding.table.weight
    table[rows.to(table.device)] = torch.from_numpy(vectors).to(table)
    return f"{path} holds {len(places):,} of the {total} of the {side}; the others start at random."
