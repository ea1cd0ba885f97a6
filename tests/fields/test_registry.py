"""Two fields of a task: learned together, read back, compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from field_samples import LABELS, TAGS, TEXTS, column, copyable, values
from unspool.config import DataConfig
from unspool.fields.differences import difference, symbols_of
from unspool.fields.registry import Fields, asked_kind, fit_fields, read_field
from unspool.fields.text import TextField
from unspool.fields.values import ValuesField
from unspool.text.chars import CharTokenizer
from unspool.text.subwords import BPETokenizer
from unspool.text.vocabulary import Vocabulary
from unspool.text.words import WordTokenizer
from unspool.types import CopyableSymbols, Dimensions, Labels, Sentences, Symbols, Task, Values

RAWS: dict[str, Any] = {"text": TEXTS, "document": TEXTS, "label": LABELS, "tags": TAGS, "values": values()}


@pytest.mark.parametrize(
    ("task", "dimensions"),
    [
        (Task("text", "text"), (Symbols, Symbols)),
        (Task("document", "label"), (Sentences, Labels)),
        (Task("text", "tags"), (Symbols, Labels)),
        (Task("values", "label"), (Values, Labels)),
        (Task("values", "values"), (Values, Values)),
    ],
)
def test_both_fields_of_a_task_are_learned(task: Task, dimensions: tuple[type, type]) -> None:
    fields, _ = fit_fields(task, [column(RAWS[task.source])], [column(RAWS[task.target])], DataConfig())
    assert fields.task == task
    assert tuple(map(type, fields.dimensions)) == dimensions and isinstance(fields.dimensions, Dimensions)


def test_what_is_read_for_tags_is_words_unless_a_column_says_otherwise() -> None:
    for asked, kind in (("auto", "words"), ("chars", "chars")):
        fields, _ = fit_fields(Task("text", "tags"), [column(TAGS, asked)], [column(TAGS)], DataConfig())
        assert fields.source.column_kinds == [kind]


def test_a_shared_vocabulary_is_one_on_both_sides() -> None:
    columns = [column(["ab"], "chars")], [column(["cd"], "chars")]
    apart, together = (
        fit_fields(Task("text", "text"), *columns, DataConfig(shared_vocabulary=shared))[0] for shared in (False, True)
    )
    assert not apart.one_vocabulary() and together.one_vocabulary()


def test_a_text_that_can_be_copied_says_so_and_keeps_its_vocabulary() -> None:
    fields = copyable()
    assert isinstance(fields.dimensions.source, CopyableSymbols)
    assert fields.copyable(DataConfig()).dimensions == fields.dimensions


def test_a_stored_tokenizer_is_the_field_of_text_that_its_model_reads() -> None:
    stored = TextField(CharTokenizer.fit(["ab"])).to_json()
    kinds = [(["text", "values"], "text"), (["document"], "document"), (["values", "label"], "label")]
    for known, kind in kinds:
        assert read_field(stored, known, DataConfig(), "source").kind == kind
    stored = ValuesField(np.zeros(1), np.ones(1)).to_json()
    assert stored["kind"] == "reals", "as in folders of every release"
    assert read_field(stored, ["text", "values"], DataConfig(), "source").kind == "values"


@pytest.mark.parametrize(
    ("tokenizers", "kind"),
    [
        (["document"], "document"),
        (["values"], "values"),
        (["chars"], None),
        (["tags"], None),
        (["document"] * 2, None),
    ],
)
def test_columns_may_ask_for_a_kind_of_field(tokenizers: list[str], kind: str | None) -> None:
    assert asked_kind(tokenizers) == kind


def text(*symbols: str) -> TextField:
    return TextField(CharTokenizer(Vocabulary(symbols)))


ONE, TWO = ValuesField(np.zeros(2), np.ones(2)), ValuesField(np.ones(2), np.ones(2))
PIECES = (TextField(BPETokenizer.fit(["ab ab"] * 9, size=300)), TextField(BPETokenizer.fit(["cd cd"] * 9, size=300)))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (text("a", "b"), text("a", "b"), ""),
        (text("a"), TextField(WordTokenizer.fit(["a"])), "chars and words"),
        (text("a"), ONE, "chars and values"),
        (ONE, TWO, "values with different scales"),
        (
            text("a", "b"),
            text("b", "c", "d"),
            "7 symbols of chars; only the first has 'a', only the second has 'c', 'd'",
        ),
        (text("a", "b"), text("b", "a"), "chars in another order: 'a' and 'b'"),
        (*PIECES, "symbols of bpe"),
    ],
)
def test_two_fields_that_are_not_the_same_differ_in_a_way_that_is_said(
    one: TextField, other: TextField, said: str
) -> None:
    found = difference(one, other)
    assert said in found and bool(found) == bool(said)


def test_symbols_are_those_that_can_be_read_without_the_reserved_ones() -> None:
    assert symbols_of(text("b", "a")) == ["b", "a"]


def test_fields_are_a_pair() -> None:
    source, target = fields = Fields(text("a"), text("b"))
    assert (source, target) == (fields.source, fields.target)
