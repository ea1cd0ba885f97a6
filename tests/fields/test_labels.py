"""One label for a whole source, and a label for each of its items."""

from __future__ import annotations

import numpy as np
import pytest

from field_samples import LABELS, TAGS, column, fitted
from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.label import LabelField
from unspool.fields.tags import TagsField
from unspool.fields.text import TextField

LABEL, TAG = fitted("label", "target", LABELS), fitted("tags", "target", TAGS)
SOURCE = np.arange(4, 7)


def test_a_label_is_one_symbol_whatever_it_holds() -> None:
    assert [len(LABEL.encode(label)) for label in LABELS] == [1] * 4
    assert LABEL.decode(LABEL.encode(" very good ")).text == "very good"


def test_a_label_has_no_other_tokenizer_and_one_column() -> None:
    assert LabelField.fit([column(LABELS, "label")], DataConfig(), "target").field.column_kinds == ["label"]
    for columns in ([column(LABELS, "chars")], [column(LABELS), column(LABELS)]):
        with pytest.raises(Mistake, match="The model writes one label, but the tokenizer of the target is"):
            LabelField.fit(columns, DataConfig(), "target")


@pytest.mark.parametrize(
    ("field", "raws", "named"),
    [
        (LABEL, ["bad", "very bad", "very bad"], "Line 8: .* the label 'very bad',"),
        (LABEL, ["x", "y"], "Line 7: .* the labels 'x', 'y',"),
        (TAG, ["X Y", "X Q"], "Line 8: .* the label 'Q',"),
    ],
)
def test_labels_that_were_never_learned_cannot_be_learned_now_and_are_named(
    field: TextField, raws: list[str], named: str
) -> None:
    known = ["bad"] if field is LABEL else ["X Y"]
    field.check_known(known, field.encode_many(known), [7])
    with pytest.raises(Mistake, match=named):
        field.check_known(raws, field.encode_many(raws), [7, 8, 9])


def test_a_rare_label_is_a_label_even_where_rare_words_are_unknown() -> None:
    field = TagsField.fit([column(["X X X", "Y"])], DataConfig(min_count=2), "target").field
    assert field.unknown(field.encode("X Y")) == 0


def test_tags_are_words_unless_somebody_says_otherwise() -> None:
    assert TAG.column_kinds == ["words"]
    assert TagsField.fit([column(["ab"], "chars")], DataConfig(), "target").field.column_kinds == ["chars"]
    assert TagsField.default_source_tokenizer == "words"


def test_a_target_to_be_scored_has_one_label_or_one_for_each_item() -> None:
    for field, raw, wanted in ((LABEL, " ", 1), (TAG, "X Y", 3)):
        with pytest.raises(Mistake, match=f"symbols, and the model writes {wanted}"):
            field.check(raw, field.encode(raw), SOURCE)
    for field, raw in ((LABEL, "never seen"), (TAG, "X Y Q")):
        item = field.encode(raw)
        assert field.check(raw, item, SOURCE) is item and field.unknown(item) == 1


def test_of_a_source_that_is_cut_only_the_labels_that_are_left_are_scored() -> None:
    labels = TAG.encode("X Y Z")
    assert TAG.match(labels, SOURCE[:2]).tolist() == labels[:2].tolist()
    assert LABEL.match(LABEL.encode("bad"), SOURCE[:2]).tolist() == LABEL.encode("bad").tolist()


def test_how_long_an_answer_is_follows_from_the_source() -> None:
    assert (LABEL.steps(7, 3), TAG.steps(7, 3)) == (1, 7)
    config = DataConfig(max_source=50, max_target=20)
    assert (LABEL.most_items(config), TAG.most_items(config)) == (20, 50)
    assert TAG.longest_answer(9, config) == 50
