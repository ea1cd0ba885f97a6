"""Text: how a field is fitted, what is refused, and beginnings of answers."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from field_samples import column
from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Field
from unspool.fields.text import TextField, as_text, fit_shared
from unspool.text.chars import CharTokenizer
from unspool.text.joined import JoinedTokenizer
from unspool.text.registry import fit
from unspool.types import UNK

CONFIG = DataConfig()
SEEN = ["a b c", "가나 다", "V;PST;3;SG"]


def field_of(*kinds: str) -> TextField:
    parts = [fit(kind, SEEN, size=400, min_count=1) for kind in kinds]
    return TextField(parts[0] if len(parts) == 1 else JoinedTokenizer(parts), ends=True)


def test_each_column_has_a_tokenizer_of_its_own_and_a_choice_is_said() -> None:
    field, messages = TextField.fit([column(["walk"]), column(["V;PST"], "tags")], CONFIG, "source")
    assert field.column_kinds == ["chars", "tags"]
    assert len(field.encode("walk\tV;PST")) == 6
    assert [message.split(":")[0] for message in messages] == ["The source is read as chars"]


def test_an_answer_ends_and_a_source_does_not() -> None:
    assert TextField.fit([column(SEEN)], CONFIG, "target").field.ends
    assert not TextField.fit([column(SEEN)], CONFIG, "source").field.ends


def test_rare_symbols_are_left_out_as_asked() -> None:
    field = TextField.fit([column(["aab"], "chars")], DataConfig(min_count=2), "source").field
    assert field.encode("aab").tolist() == [4, 4, UNK] and field.unknown(field.encode("aab")) == 1


@pytest.mark.parametrize(("raw", "shown"), [(np.zeros((3, 2)), r"an array of shape \(3, 2\)"), (7, "a int")])
def test_what_is_no_text_is_a_mistake(raw: object, shown: str) -> None:
    with pytest.raises(Mistake, match=f"reads text, and got {shown}"):
        as_text(raw)
    with pytest.raises(Mistake):
        field_of("chars").encode(raw)


def test_unknown_symbols_of_an_answer_become_what_is_given_for_their_places() -> None:
    field = field_of("words")
    (a,) = field.encode("a").tolist()
    decoded = field.decode([UNK, a, UNK], unknown={0: "zebra  crossing", 2: "x"})
    assert decoded.text == "zebra crossing a x" and decoded.tokens == ["zebra  crossing", "a", "x"]
    assert field.decode([UNK, a]).text == "<unk> a"


def test_a_beginning_is_what_the_whole_begins_with() -> None:
    assert field_of("chars").encode_prefix("a b").tolist() == field_of("chars").encode("a b c").tolist()[:3]


def test_a_beginning_of_joined_columns_may_lack_the_last_ones() -> None:
    joined = field_of("chars", "tags")
    assert joined.encode_prefix("a b").tolist() == joined.encode("a b\t").tolist()
    assert joined.encode_prefix("a\tV").tolist() == joined.encode("a\tV").tolist()


@pytest.mark.parametrize(
    ("kind", "text", "unknown"), [("chars", "abx", "'x'"), ("words", "a bc", "'bc'"), ("tags", "V;FUT", "'FUT'")]
)
def test_no_answer_begins_with_an_unknown_symbol(kind: str, text: str, unknown: str) -> None:
    with pytest.raises(Mistake, match=unknown):
        field_of(kind).encode_prefix(text)


@pytest.mark.parametrize(
    ("kind", "answers", "deciding"),
    [
        ("chars", ["one form"], "symbol_error_rate"),
        ("chars", ["a whole sentence of words"], "chrf"),
        ("words", ["EH R AH N Z"], "symbol_error_rate"),
        ("chars", [], "symbol_error_rate"),
    ],
)
def test_sentences_are_measured_as_translations_and_forms_by_their_errors(
    kind: str, answers: list[str], deciding: str
) -> None:
    assert field_of(kind).metrics(answers)[1] == deciding


def shared(*columns: str) -> tuple[Field, Field, list[str]]:
    return fit_shared((TextField, TextField), [column(["ab"], kind) for kind in columns], CONFIG)


def test_one_vocabulary_is_learned_from_both_sides() -> None:
    columns = [column(["ab"]), column(["cd"], "chars")]
    one, other, messages = fit_shared((TextField, TextField), columns, CONFIG)
    assert one.to_json() == other.to_json() and (one.ends, other.ends) == (False, True)
    assert one.unknown(one.encode("abcd")) == 0 and messages == []
    assert shared("auto", "auto")[2][0].startswith("Both sides are read as chars: ")


@pytest.mark.parametrize("kinds", [("chars", "words"), ("chars", "chars", "chars"), ("label", "auto")])
def test_two_tokenizers_cannot_share_a_vocabulary(kinds: tuple[str, ...]) -> None:
    with pytest.raises(Mistake, match="needs one column and one tokenizer for each, not " + ", ".join(kinds)):
        shared(*kinds)


@pytest.mark.parametrize("kind", ["chars", "words", "bpe"])
def test_text_is_read_in_small_letters_and_one_unicode_form_if_so_set(kind: str) -> None:
    config = DataConfig(lowercase="both", normalize="NFC", subword_size=300)
    cells = ["\u00c9cole AB\u0301", "e\u0301cole ab\u0301"]
    column = ColumnData(lambda: cells, lambda: cells, kind)
    field = TextField.fit([column], config, "target").field
    one, other = (field.encode(cell).tolist() for cell in cells)
    assert one == other and field.unknown(np.array(one)) == 0
    assert field.comparable(cells[0]) == field.comparable(cells[1]) == field.decode(one).text
    for again in (TextField.from_json(field.to_json(), config, "target"), pickle.loads(pickle.dumps(field))):
        assert again.encode(cells[0]).tolist() == one == again.encode_many(cells).parts[0].values.tolist()[: len(one)]
    untouched = TextField.fit([column], DataConfig(lowercase="source", subword_size=300), "target").field
    assert untouched.encode(cells[0]).tolist() != untouched.encode(cells[1]).tolist()


def test_the_form_in_which_training_saw_a_text_is_known() -> None:
    capitals, small, composed = (TextField(CharTokenizer.fit([text])) for text in ("ABC", "abc", "\u00e9a"))
    assert (capitals.known_as("abx", 3), capitals.unseen("Abb")) == ("upper", ["b", "b"])
    assert small.known_as("A", 1) == "lower"
    assert composed.known_as("e\u0301", 2) == "NFC"
    assert small.known_as("\u00fc", 1) == ""
