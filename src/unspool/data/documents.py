"""Documents: texts as sentences of symbols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.text.registry import encode_flat
from unspool.text.sentences import sentences
from unspool.types import Array, Document, Tokenizer


class FlatDocuments(NamedTuple):
    """Many documents, one behind the other.

    ids, lengths:       of all words, and how many of them are each document's `[n]`
    sentences, counts:  how many words each sentence has, and how many sentences each document `[n]`
    """

    ids: Array
    lengths: Array
    sentences: Array
    counts: Array


def encode_documents(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> FlatDocuments:
    """Find the sentences and encode them; one of more than `longest` symbols is cut into pieces of like length."""
    found = [sentences(text) for text in texts]
    ids, whole = encode_flat(tokenizer, [sentence for document in found for sentence in document])
    pieces = -(-whole // longest)
    owner = np.repeat(np.arange(len(texts)), [len(document) for document in found])
    lengths = np.bincount(owner, whole, minlength=len(texts)).astype(np.int64)
    counts = np.bincount(owner, pieces, minlength=len(texts)).astype(np.int64)
    return FlatDocuments(ids, lengths, _pieces(whole, pieces), counts)


def read_documents(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> list[Document]:
    """The same, each document by itself."""
    flat = encode_documents(tokenizer, texts, longest)
    ids = np.split(flat.ids, np.cumsum(flat.lengths)[:-1])
    inside = np.split(flat.sentences, np.cumsum(flat.counts)[:-1])
    return [Document(*parts) for parts in zip(ids, inside, strict=True)] if texts else []


def _pieces(whole: Array, pieces: Array) -> Array:
    """Lengths of all pieces of sentences `whole`, each cut into so many; the first ones are longer by one."""
    place = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    short, rest = np.divmod(whole, np.maximum(pieces, 1))
    lengths: Array = np.repeat(short, pieces) + (place < np.repeat(rest, pieces))
    return lengths
