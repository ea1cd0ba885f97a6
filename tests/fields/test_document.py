"""Documents as ids: sentences, pieces of long ones, and what is cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unspool.config import DataConfig
from unspool.data.corpus import RawPair, collate, encode_corpus
from unspool.fields.document import Document, DocumentField
from unspool.fields.label import LabelField
from unspool.fields.registry import Fields
from unspool.text.chars import CharTokenizer
from unspool.text.labels import LabelTokenizer
from unspool.text.words import WordTokenizer

TEXTS = ["One two. Three four five. Six", "", "a\nb", "One"]
WORDS = WordTokenizer.fit(TEXTS)


def test_sentences_become_their_words_and_long_ones_pieces_of_like_length() -> None:
    field = DocumentField(WORDS, 2)
    found = [field.encode(text) for text in TEXTS]
    assert [document.sentences.tolist() for document in found] == [[2, 2, 1, 1], [], [1, 1], [1]]
    assert [field.sentences(document) for document in found] == [[2, 2, 1, 1], [], [1, 1], [1]]
    assert [len(document) for document in found] == [6, 0, 2, 1]
    assert WORDS.decode(found[0].ids.tolist()) == "One two. Three four five. Six"


@given(st.lists(st.text("ab. \n", max_size=30), min_size=1, max_size=5), st.integers(1, 6))
def test_pieces_are_short_enough_and_hold_every_word(texts: list[str], longest: int) -> None:
    words, inside = DocumentField(CharTokenizer.fit(texts), longest).encode_many(texts).parts
    assert inside.values.max(initial=0) <= longest and inside.values.min(initial=1) >= 1
    assert inside.values.sum() == words.lengths.sum() == len(words.values)
    assert inside.lengths.sum() == len(inside.values)


def test_a_batch_of_a_corpus_is_what_reading_one_by_one_gives() -> None:
    pairs = [RawPair(text, "label", n) for n, text in enumerate(TEXTS) if text]
    config = DataConfig(max_source=4, max_sentence=2)
    field = DocumentField(WORDS, config.max_sentence)
    corpus = encode_corpus(pairs, Fields(field, LabelField(LabelTokenizer.fit(["label"]))), config)
    batch = collate(corpus, np.array([2, 0, 1]))
    alone = field.collate([field.truncate(field.encode(text), 4) for text in (TEXTS[3], TEXTS[0], TEXTS[2])])
    assert batch.source.inner is not None and alone.inner is not None
    assert np.array_equal(batch.source.values, alone.values)
    assert np.array_equal(batch.source.lengths, alone.lengths)
    assert np.array_equal(batch.source.inner, alone.inner)
    assert corpus.cut_sources == 1


def test_a_document_is_cut_inside_a_sentence() -> None:
    field = DocumentField(WORDS, 9)
    cut = field.truncate(Document(np.arange(4, 10), np.array([2, 3, 1])), 3)
    assert (cut.ids.tolist(), cut.sentences.tolist()) == ([4, 5, 6], [2, 1])
    nested = field.collate([cut])
    assert nested.values.tolist() == [[[4, 5], [6, 0]]] and nested.lengths.tolist() == [2]


def test_an_empty_document_has_one_padded_sentence() -> None:
    nothing = np.array([], dtype=np.int64)
    nested = DocumentField(WORDS, 9).collate([Document(nothing, nothing)])
    assert nested.values.tolist() == [[[0]]] and nested.lengths.tolist() == [0]


def test_words_never_seen_are_counted() -> None:
    field = DocumentField(WORDS, 9)
    assert field.unknown(field.encode("One eleven. Twelve")) == 2
