"""One label for a whole source, and a label for each of its items."""

from __future__ import annotations

import numpy as np
import pytest

from field_samples import LABELS, TAGS, column, fitted
from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.label import LabelField
from unspool.fields.tags import TagsField

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


@pytest.mark.parametrize("count", [1, 2])
def test_a_label_that_was_never_learned_cannot_be_learned_now(count: int) -> None:
    LABEL.check_known(0)
    with pytest.raises(Mistake, match=f"{count} label.* not among those that the model can predict"):
        LABEL.check_known(count)


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
