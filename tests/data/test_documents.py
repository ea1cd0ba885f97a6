"""Documents as ids: sentences, pieces of long ones, and what is cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from unspool.data.documents import encode_documents, read_documents

from unspool.data.corpus import collate, tokenise
from unspool.data.tables import Pair
from unspool.text.chars import CharTokenizer
from unspool.text.words import WordTokenizer
from unspool.types import Document, Form, Tokenizer, pad_sources, shortened

TEXTS = ["One two. Three four five. Six", "", "a\nb", "One"]
DOCUMENTS = Form(documents=True, writes="label")


def words() -> Tokenizer:
    return WordTokenizer.fit(TEXTS)


def test_sentences_become_their_words_and_long_ones_pieces_of_like_length() -> None:
    found = read_documents(words(), TEXTS, longest=2)
    assert [document.sentences.tolist() for document in found] == [[2, 2, 1, 1], [], [1, 1], [1]]
    assert [len(document) for document in found] == [6, 0, 2, 1]
    assert words().decode(found[0].ids.tolist()) == "One two. Three four five. Six"


@given(st.lists(st.text("ab. \n", max_size=30), min_size=1, max_size=5), st.integers(1, 6))
def test_pieces_are_short_enough_and_hold_every_word(texts: list[str], longest: int) -> None:
    tokenizer = CharTokenizer.fit(texts)
    flat = encode_documents(tokenizer, texts, longest)
    assert flat.sentences.max(initial=0) <= longest and flat.sentences.min(initial=1) >= 1
    assert flat.sentences.sum() == flat.lengths.sum() == len(flat.ids)
    assert flat.counts.sum() == len(flat.sentences)


def test_a_batch_of_a_corpus_is_what_reading_one_by_one_gives() -> None:
    pairs = [Pair((text,), ("label",), n) for n, text in enumerate(TEXTS) if text]
    tokenizer = words()
    corpus = tokenise(pairs, tokenizer, tokenizer, max_source=4, max_sentence=2, form=DOCUMENTS)
    batch = collate(corpus, np.array([2, 0, 1]))
    read = [shortened(document, 4) for document in read_documents(tokenizer, [TEXTS[3], TEXTS[0], TEXTS[2]], 2)]
    alone = pad_sources(read)
    assert batch.source.inner is not None and alone.inner is not None
    assert np.array_equal(batch.source.values, alone.values)
    assert np.array_equal(batch.source.lengths, alone.lengths)
    assert np.array_equal(batch.source.inner, alone.inner)
    assert corpus.cut_sources == 1


def test_a_document_is_cut_inside_a_sentence() -> None:
    cut = shortened(Document(np.arange(4, 10), np.array([2, 3, 1])), 3)
    assert isinstance(cut, Document)
    assert (cut.ids.tolist(), cut.sentences.tolist()) == ([4, 5, 6], [2, 1])
    nested = pad_sources([cut])
    assert nested.values.tolist() == [[[4, 5], [6, 0]]] and nested.lengths.tolist() == [2]


def test_an_empty_document_has_one_padded_sentence() -> None:
    nothing = np.array([], dtype=np.int64)
    nested = pad_sources([Document(nothing, nothing)])
    assert nested.values.tolist() == [[[0]]] and nested.lengths.tolist() == [0]
