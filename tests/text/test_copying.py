"""What of a source can be written as it stands, and how it is numbered."""

from __future__ import annotations

import pytest
from unspool.text.copying import Copier

from unspool.errors import Mistake
from unspool.text.bytes import ByteTokenizer
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer
from unspool.text.joined import JoinedTokenizer
from unspool.text.subwords import SubwordTokenizer
from unspool.text.tags import TagTokenizer
from unspool.text.words import WordTokenizer
from unspool.types import UNK

READ, WRITTEN = WordTokenizer.fit(["the cat sat"]), WordTokenizer.fit(["a cat a dog"])
V = len(WRITTEN)


def test_known_words_have_their_ids_and_others_are_numbered_as_they_first_appear() -> None:
    ids, beyond = Copier(READ, WRITTEN).read("sat cat zebra sat dog", most=9)
    cat, dog = WRITTEN.encode("cat dog")
    assert (ids, beyond) == ([V, cat, V + 1, V, dog], ["sat", "zebra"])


def test_what_is_cut_off_has_no_number() -> None:
    copier = Copier(READ, WRITTEN)
    for most in range(6):
        ids, beyond = copier.read("sat cat zebra sat ox", most)
        assert len(ids) == min(most, 5)
        assert beyond == ["sat", "zebra", "ox"][: len({number for number in ids if number >= V})]


def test_unknown_words_of_a_target_are_those_of_its_source_or_unknown() -> None:
    copier = Copier(READ, WRITTEN)
    assert copier.write("a zebra sat here", ["sat", "zebra"]) == [*WRITTEN.encode("a"), V + 1, V, UNK]
    assert copier.write("a dog", ["sat"]) == WRITTEN.encode("a dog")


def test_an_answer_names_what_was_copied() -> None:
    (cat,) = WRITTEN.encode("cat")
    assert Copier(READ, WRITTEN).told([V + 1, cat, UNK, V], ["sat", "zebra"]) == (
        (UNK, cat, UNK, UNK), {0: "zebra", 3: "sat"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target", "text", "beyond"),
    [
        (CharTokenizer.fit(["ab"]), CharTokenizer.fit(["b"]), "abc", ["a", "c"]),
        (JamoTokenizer.fit(["가"]), JamoTokenizer.fit(["가"]), "가나", ["\u1102"]),
        (TagTokenizer.fit(["N;SG"]), TagTokenizer.fit(["N;PL"]), "N;X;SG", ["X", "SG"]),
    ],
    ids=["chars", "jamo", "tags"],
)
def test_every_kind_with_a_vocabulary_can_be_copied(
    source: object, target: object, text: str, beyond: list[str]
) -> None:
    assert Copier(source, target).read(text, 99)[1] == beyond  # type: ignore[arg-type]


def test_of_joined_columns_those_that_are_read_as_the_target_is_written_can_be_copied() -> None:
    chars = CharTokenizer.fit(["walk"])
    source = JoinedTokenizer([chars, TagTokenizer.fit(["V;PST"])])
    ids, beyond = Copier(source, chars).read("walz\tV;PST", 99)
    assert (ids, beyond) == ([*chars.encode("wal"), len(chars), UNK, UNK], ["z"])
    assert len(ids) == len(source.encode("walz\tV;PST"))


@pytest.mark.parametrize("shared", [ByteTokenizer(), SubwordTokenizer.fit("bpe", ["ab ab"], 300)], ids=["bytes", "bpe"])
def test_one_tokenizer_for_both_sides_copies_its_own_ids(shared: object) -> None:
    copier = Copier(shared, shared)  # type: ignore[arg-type]
    assert copier.read("ab é", 99) == (copier.source.encode("ab é"), [])


def test_sides_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(Mistake, match=r"source of chars into a target of words") as caught:
        Copier(CharTokenizer.fit(["ab"]), WRITTEN)
    assert "shared_vocabulary" in caught.value.remedy
    with pytest.raises(Mistake):
        Copier(SubwordTokenizer.fit("bpe", ["ab"], 300), SubwordTokenizer.fit("bpe", ["xy xy"], 301))
