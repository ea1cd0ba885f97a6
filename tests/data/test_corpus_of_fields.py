"""A corpus of every kind of field: its batches are what the fields make of single items."""

from __future__ import annotations

import numpy as np
import pytest

from field_samples import CONFIG, LABELS, MOST, TAGS, TEXTS, copyable, fitted, values
from unspool.config import DataConfig
from unspool.data.corpus import RawPair, collate, encode_corpus
from unspool.errors import Mistake
from unspool.fields.registry import Fields
from unspool.types import Array, Sequences

TASKS = {
    "text to text": Fields(fitted("text", "source", TEXTS, "chars"), fitted("text", "target", TEXTS, "words")),
    "copyable text to text": copyable(),
    "document to label": Fields(fitted("document", "source", TEXTS, "words"), fitted("label", "target", LABELS)),
    "tags": Fields(fitted("text", "source", TAGS, "words"), fitted("tags", "target", TAGS)),
    "values to text": Fields(fitted("values", "source", values()), fitted("text", "target", TEXTS, "chars")),
    "values to values": Fields(fitted("values", "source", values()), fitted("values", "target", values(3))),
}
RAWS = {
    "document to label": (TEXTS, LABELS), "tags": (TAGS, TAGS), "values to text": (values(), TEXTS),
    "values to values": (values(), values(3)),
}  # fmt: skip


def same(one: Sequences[Array], other: Sequences[Array]) -> None:
    for name in ("values", "lengths", "inner", "copies"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("task", TASKS)
def test_a_batch_is_what_the_fields_collate_of_the_same_items(task: str) -> None:
    fields, (sources, targets) = TASKS[task], RAWS.get(task, (TEXTS, TEXTS))
    config = CONFIG.model_copy(update={"max_target": MOST - 1})
    pairs = [RawPair(*pair, line) for line, pair in enumerate(zip(sources, targets, strict=True), 1)]
    index = np.array([2, 0, 3, 0])
    batch = collate(encode_corpus(pairs, fields, config), index)
    read = [fields.source.encode(raw) for raw in sources]
    written = [fields.target.encode(raw, source) for raw, source in zip(targets, read, strict=True)]
    most = fields.target.most_items(config)
    ended = [fields.target.end(one) if len(one) <= most else fields.target.truncate(one, most) for one in written]
    assert batch.target is not None
    same(batch.source, fields.source.collate([fields.source.truncate(read[number], MOST) for number in index]))
    same(batch.target, fields.target.collate([ended[number] for number in index]))


def test_labels_that_are_not_one_for_each_item_are_a_mistake_that_names_the_line() -> None:
    pairs = [RawPair("a b", "X Y", 3), RawPair("a b c", "X Y", 8)]
    fields = Fields(fitted("text", "source", ["a b c"], "words"), TASKS["tags"].target)
    with pytest.raises(Mistake, match=r"Line 8: 3 symbols in the source, and 2 labels in the target"):
        encode_corpus(pairs, fields, DataConfig())
