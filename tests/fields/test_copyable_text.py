"""What of a source can be written as it stands, how it is numbered, and how answers name it."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.config import DataConfig
from unspool.data.corpus import RawPair, collate, encode_corpus
from unspool.errors import Mistake
from unspool.fields.copyable_text import Copyable, CopyableTextField
from unspool.fields.registry import Fields
from unspool.fields.text import TextField
from unspool.fields.values import ValuesField
from unspool.text.bytes import ByteTokenizer
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer
from unspool.text.joined import JoinedTokenizer
from unspool.text.labels import LabelTokenizer
from unspool.text.subwords import BPETokenizer
from unspool.text.tags import TagTokenizer
from unspool.text.tokenizer import Tokenizer
from unspool.text.words import WordTokenizer
from unspool.types import EOS, UNK

READ, WRITTEN = WordTokenizer.fit(["the cat sat"]), WordTokenizer.fit(["a cat a dog"])
V = len(WRITTEN)
PAIRS = [
    RawPair("sat cat ox", "a ox sat", 1),
    RawPair("cat", "a bee", 2),
    RawPair("", "a", 3),
    RawPair("ox ox bee owl", "owl ox", 4),
]


def copying(most: int, source: Tokenizer = READ, target: Tokenizer = WRITTEN) -> Fields:
    fields = Fields(TextField(source), TextField(target, ends=True))
    return fields.copyable(DataConfig(max_source=most))


def numbered(source: Tokenizer, target: Tokenizer, text: str, most: int = 99) -> tuple[list[int], list[str]]:
    return CopyableTextField(source, target, most).number(text)


def test_known_words_have_their_ids_and_others_are_numbered_as_they_first_appear() -> None:
    ids, copied = numbered(READ, WRITTEN, "sat cat zebra sat dog")
    cat, dog = WRITTEN.encode("cat dog")
    assert (ids, copied) == ([V, cat, V + 1, V, dog], ["sat", "zebra"])


def test_what_is_cut_off_has_no_number() -> None:
    for most in range(6):
        ids, copied = numbered(READ, WRITTEN, "sat cat zebra sat ox", most)
        assert len(ids) == min(most, 5)
        assert copied == ["sat", "zebra", "ox"][: len({number for number in ids if number >= V})]


def test_unknown_words_of_a_target_are_those_of_its_source_or_unknown() -> None:
    field = TextField(WRITTEN)
    nothing = np.array([], dtype=np.int64)
    lending = Copyable(nothing, nothing, ("sat", "zebra"))
    assert field.encode("a zebra sat here", lending).tolist() == [*WRITTEN.encode("a"), V + 1, V, UNK]
    assert field.encode("a dog", Copyable(nothing, nothing, ("sat",))).tolist() == WRITTEN.encode("a dog")


def test_an_answer_names_what_was_copied() -> None:
    (cat,) = WRITTEN.encode("cat")
    nothing = np.array([], dtype=np.int64)
    decoded = TextField(WRITTEN).decode([V + 1, cat, UNK, V], Copyable(nothing, nothing, ("sat", "zebra")))
    assert decoded.text == "zebra cat <unk> sat" and decoded.tokens == ["zebra", "cat", "<unk>", "sat"]


def test_decode_of_encode_is_the_text_where_the_source_lends_what_the_target_lacks() -> None:
    fields = copying(99)
    source = fields.source.encode("sat on zebra")
    assert fields.target.decode(fields.target.encode("a zebra sat on", source), source).text == "a zebra sat on"


@pytest.mark.parametrize(
    ("source", "target", "text", "copied"),
    [
        (CharTokenizer.fit(["ab"]), CharTokenizer.fit(["b"]), "abc", ["a", "c"]),
        (JamoTokenizer.fit(["가"]), JamoTokenizer.fit(["가"]), "가나", ["\u1102"]),
        (TagTokenizer.fit(["N;SG"]), TagTokenizer.fit(["N;PL"]), "N;X;SG", ["X", "SG"]),
    ],
    ids=["chars", "jamo", "tags"],
)
def test_every_kind_with_a_vocabulary_can_be_copied(
    source: Tokenizer, target: Tokenizer, text: str, copied: list[str]
) -> None:
    assert numbered(source, target, text)[1] == copied


def test_of_joined_columns_those_that_are_read_as_the_target_is_written_can_be_copied() -> None:
    chars = CharTokenizer.fit(["walk"])
    source = JoinedTokenizer([chars, TagTokenizer.fit(["V;PST"])])
    ids, copied = numbered(source, chars, "walz\tV;PST")
    assert (ids, copied) == ([*chars.encode("wal"), len(chars), UNK, UNK], ["z"])
    assert len(ids) == len(source.encode("walz\tV;PST"))


@pytest.mark.parametrize("shared", [ByteTokenizer(), BPETokenizer.fit(["ab ab"], size=300)], ids=["bytes", "bpe"])
def test_one_tokenizer_for_both_sides_copies_its_own_ids(shared: Tokenizer) -> None:
    assert numbered(shared, shared, "ab é") == (shared.encode("ab é"), [])


def test_sides_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(Mistake, match=r"source of chars into a target of words") as caught:
        CopyableTextField(CharTokenizer.fit(["ab"]), WRITTEN, 9)
    assert "shared_vocabulary" in caught.value.remedy
    with pytest.raises(Mistake):
        CopyableTextField(BPETokenizer.fit(["ab"], size=300), BPETokenizer.fit(["xy xy"], size=301), 9)
    with pytest.raises(Mistake):
        CopyableTextField(LabelTokenizer.fit(["ab"]), LabelTokenizer.fit(["xy"]), 9)
    with pytest.raises(Mistake, match="Real values cannot be copied"):
        Fields(ValuesField(np.zeros(2), np.ones(2)), TextField(WRITTEN)).copyable(DataConfig())


def test_a_batch_holds_sources_in_both_vocabularies_and_targets_beyond_theirs() -> None:
    corpus = encode_corpus(PAIRS, copying(1000), DataConfig())
    batch = collate(corpus, np.arange(3))
    a, cat = WRITTEN.encode("a cat")
    assert batch.source.copies is not None and batch.target is not None
    assert batch.source.copies.tolist() == [[V, cat, V + 1, 0], [cat, 0, 0, 0], [V, V, V + 1, V + 2]]
    assert batch.target.values.tolist() == [[a, V + 1, V, EOS], [a, UNK, EOS, 0], [V + 2, V, EOS, 0]]
    assert batch.source.values[0].tolist() == [*READ.encode("sat cat"), UNK, 0]
    assert (corpus.dropped, corpus.unknown_target) == (1, 1)


def test_of_what_is_cut_off_nothing_can_be_copied() -> None:
    batch = collate(encode_corpus(PAIRS, copying(2), DataConfig(max_source=2)), np.arange(3))
    assert batch.source.copies is not None and batch.target is not None
    assert batch.source.copies.shape == (3, 2)
    assert batch.target.values[2].tolist() == [UNK, V, EOS, 0]
    assert batch.target.values.max() < V + 2


def test_without_copying_there_are_no_copies() -> None:
    fields = Fields(TextField(READ), TextField(WRITTEN, ends=True))
    assert collate(encode_corpus(PAIRS, fields, DataConfig()), np.arange(2)).source.copies is None


def test_sources_to_answer_are_numbered_as_those_of_a_corpus() -> None:
    fields = copying(3)
    corpus = encode_corpus(PAIRS, fields, DataConfig(max_source=3))
    read = [fields.source.truncate(fields.source.encode(pair.source), 3) for pair in PAIRS if pair.source]
    assert [source.copied for source in read] == [("sat", "ox"), (), ("ox", "bee")]
    expected, found = collate(corpus, np.arange(3)).source, fields.source.collate(read)
    for one, other in ((found.values, expected.values), (found.copies, expected.copies)):
        np.testing.assert_array_equal(one, other)


def test_numbers_beyond_a_vocabulary_that_just_fits_a_byte_are_kept() -> None:
    words = [f"w{number}" for number in range(252)]
    fields = copying(9, READ, WordTokenizer.fit([" ".join(words)]))
    corpus = encode_corpus([RawPair("ox bee", "bee ox w1", 1)], fields, DataConfig())
    assert len(fields.target.encode("")) == 0 and fields.target.storage()[0][0] == np.uint16
    assert corpus.targets[0][:2].tolist() == [257, 256]
