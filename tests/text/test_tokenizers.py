"""Every tokenizer gives back exactly what it was given, or folds only what it says."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.errors import Mistake
from unspool.text import registry
from unspool.text.joined import JoinedTokenizer
from unspool.text.tags import TagTokenizer
from unspool.text.tokenizer import Tokenizer
from unspool.types import BOS, EOS, PAD, SPECIALS, UNK

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
KOREAN = st.text(
    st.sampled_from("한글 갈까 뷁ㅋㅋ\u1100\u1161\u11a8\ue000a!é")
    | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
)
EXACT = ("chars", "bytes", "bpe", "unigram", "jamo", "tags")
NEVER_UNKNOWN = ("bytes", "bpe", "unigram")
CORPUS = ["the cat sat on the mat", "안녕하세요 세계", "EH R AH N Z", "V;PST;3;SG", "</s> <unk> <pad>"] * 4


def fitted(kind: str, lines: list[str]) -> Tokenizer:
    return registry.fit(kind, lines, size=400, min_count=1)


@pytest.mark.parametrize("kind", EXACT)
@given(text=TEXT)
@settings(max_examples=40)
def test_decode_of_encode_is_the_text_itself(kind: str, text: str) -> None:
    tokenizer = fitted(kind, [*CORPUS, text])
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    assert UNK not in ids
    assert all(len(SPECIALS) <= number < len(tokenizer) for number in ids)


@given(text=KOREAN | KOREAN.map(lambda text: unicodedata.normalize("NFD", text)))
def test_jamo_are_put_together_again_whatever_the_normal_form(text: str) -> None:
    tokenizer = fitted("jamo", [text])
    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(text=TEXT)
def test_words_fold_runs_of_white_space_and_nothing_else(text: str) -> None:
    tokenizer = fitted("words", [text])
    assert tokenizer.decode(tokenizer.encode(text)) == " ".join(text.split())


@pytest.mark.parametrize("kind", NEVER_UNKNOWN)
@given(text=TEXT)
@settings(max_examples=40)
def test_text_never_seen_is_never_unknown(kind: str, text: str) -> None:
    tokenizer = fitted(kind, CORPUS)
    assert UNK not in tokenizer.encode(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize("kind", registry.TOKENIZERS)
def test_json_gives_the_same_tokenizer_back(kind: str) -> None:
    tokenizer = fitted(kind, CORPUS)
    restored = registry.from_json(json.loads(json.dumps(tokenizer.to_json())))
    assert restored.kind == kind and len(restored) == len(tokenizer)
    for text in CORPUS:
        assert restored.encode(text) == tokenizer.encode(text)


@pytest.mark.parametrize("kind", [kind for kind in registry.TOKENIZERS if kind != "unigram"])
def test_the_same_lines_in_another_order_give_the_same_ids(kind: str) -> None:
    one, other = fitted(kind, CORPUS), fitted(kind, CORPUS[::-1])
    assert [one.encode(text) for text in CORPUS] == [other.encode(text) for text in CORPUS]


@pytest.mark.parametrize("kind", registry.TOKENIZERS)
def test_many_lines_encode_as_each_alone(kind: str) -> None:
    tokenizer = fitted(kind, CORPUS)
    assert list(tokenizer.encode_many(CORPUS)) == [tokenizer.encode(text) for text in CORPUS]


@pytest.mark.parametrize("kind", registry.TOKENIZERS)
def test_many_lines_in_one_array_are_the_lines_one_after_the_other(kind: str) -> None:
    tokenizer = fitted(kind, CORPUS)
    lines = [*CORPUS, "", "never seen: \u0416 \U0001f600 \U0010ffff", *CORPUS]
    ids, lengths = tokenizer.encode_flat(lines)
    alone = [tokenizer.encode(text) for text in lines]
    assert ids.tolist() == [number for line in alone for number in line]
    assert lengths.tolist() == [len(line) for line in alone]


@pytest.mark.parametrize("kind", registry.TOKENIZERS)
def test_the_empty_text_has_no_symbols_and_marks_are_skipped(kind: str) -> None:
    tokenizer = fitted(kind, CORPUS)
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == tokenizer.decode([BOS, EOS, PAD]) == ""


@pytest.mark.parametrize("kind", registry.TOKENIZERS)
def test_there_is_a_readable_token_for_each_id(kind: str) -> None:
    tokenizer = fitted(kind, CORPUS)
    tokens = tokenizer.tokens(range(len(tokenizer)))
    assert len(tokens) == len(tokenizer) and all(tokens)


@pytest.mark.parametrize("kind", ["chars", "words", "tags", "jamo"])
def test_a_symbol_never_seen_is_unknown_and_so_is_a_rare_one(kind: str) -> None:
    tokenizer = registry.fit(kind, ["a a b", "a a"], size=400, min_count=2)
    assert UNK in tokenizer.encode("b") and UNK in tokenizer.encode("z")
    assert UNK not in tokenizer.encode("a")


def test_a_label_is_learned_however_rare_it_is() -> None:
    tokenizer = registry.fit("label", ["very good", "very good", "bad"], size=400, min_count=2)
    assert tokenizer.decode(tokenizer.encode(" bad ")) == "bad"


def test_syllables_are_read_as_the_letters_people_write() -> None:
    tokenizer = fitted("jamo", ["갈까"])
    assert tokenizer.tokens(tokenizer.encode("갈까")) == ["ㄱ", "ㅏ", "ㄹ", "ㄲ", "ㅏ"]


def test_letters_that_form_no_syllable_stay_as_they_are() -> None:
    tokenizer = fitted("jamo", ["갈까"])
    first, vowel, *_ = tokenizer.encode("갈")
    assert tokenizer.decode([vowel, first, vowel]) == "\u1161가"


def test_a_piece_of_a_character_is_read_as_its_bytes() -> None:
    tokenizer = fitted("bytes", [])
    assert tokenizer.tokens(tokenizer.encode("a가")) == ["a", "\\xEA", "\\xB0", "\\x80"]


def test_bytes_that_are_no_utf8_do_not_break_an_answer() -> None:
    tokenizer = fitted("bytes", [])
    first, second, _ = tokenizer.encode("가")
    assert tokenizer.decode([second, *tokenizer.encode("a")]) == "\ufffda"
    assert tokenizer.decode([*tokenizer.encode("a"), first, second]) == "a"  # the end of an answer that was cut


@pytest.mark.parametrize("separator", [";", "|", ",", " "])
def test_tags_find_their_separator(separator: str) -> None:
    line = separator.join(["V", "PST", "3"])
    tokenizer = TagTokenizer.fit([line])
    assert tokenizer.separator == separator and len(tokenizer.encode(line)) == 3


def test_small_data_gives_fewer_subwords_than_asked_for() -> None:
    for kind in ("bpe", "unigram"):
        assert len(registry.fit(kind, ["ab ab ab"], size=5000, min_count=1)) < 400


def test_joined_columns_have_ids_of_their_own_and_come_back() -> None:
    joined = JoinedTokenizer([fitted("chars", ["walk"]), fitted("tags", ["V;PST"])])
    ids = joined.encode("walk\tV;PST")
    assert joined.decode(ids) == "walk\tV;PST" and joined.tokens(ids) == ["w", "a", "l", "k", "V", "PST"]
    assert len(set(ids)) == 6 and max(ids) < len(joined)
    assert registry.from_json(joined.to_json()).encode("walk\tV;PST") == ids
    assert UNK in joined.encode("walz\tV;PST")


def test_a_line_with_too_few_columns_is_a_mistake() -> None:
    joined = JoinedTokenizer([fitted("chars", ["walk"]), fitted("tags", ["V;PST"])])
    with pytest.raises(Mistake, match="2 columns"):
        joined.encode("walk")


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(Mistake, match="Did you mean 'chars'"):
        fitted("char", [])
    with pytest.raises(Mistake, match="Did you mean 'words'"):
        registry.from_json({"kind": "word"})


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["EH R AH N Z", "AH B AW D", "B AH N AE N AH"] * 50, "words"),
        (["da da da"] * 50, "words"),
        (["AARON", "ABBOUD", "O'NEIL"] * 50, "chars"),
        ([f"number {n} of a great many sentences like this" for n in range(5000)], "bpe"),
        ([f"이것은 {n}번째 문장" for n in range(100)], "jamo"),
        (["Go.", "Run!", "I ran home."], "chars"),
    ],
)
def test_the_suggested_kind_suits_the_data_and_says_why(lines: list[str], kind: str) -> None:
    suggested, reason = registry.suggest(lines)
    assert suggested == kind and len(reason) > 10 and not reason.startswith("1 ")
