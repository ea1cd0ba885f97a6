"""What is true of every kind of field."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from field_samples import CONFIG, MOST, SAMPLES, Sample, copyable
from unspool.distributions.ink import END
from unspool.errors import Mistake
from unspool.fields.field import Field, Item
from unspool.fields.registry import FIELDS, Fields, field_class, read_field
from unspool.metrics.report import METRICS
from unspool.types import EOS, Array, Sequences


def samples(fits: Callable[[Sample], bool]) -> pytest.MarkDecorator:
    """A test of each sample that fits."""
    chosen = {name: sample for name, sample in SAMPLES.items() if fits(sample)}
    return pytest.mark.parametrize("sample", chosen.values(), ids=chosen)


every_sample = samples(lambda sample: True)
# A running text is cut into windows, and a beginning from its other end.
cut_at_its_end = samples(lambda sample: sample.field.container != "running_text")
without_an_end = samples(lambda sample: sample.side == "target" and not sample.field.ends)


def same_side(one: Sequences[Array], other: Sequences[Array]) -> None:
    for name in ("values", "lengths", "inner", "copies"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert (mine is None) == (theirs is None), name
        if mine is not None:
            assert mine.dtype == theirs.dtype
            np.testing.assert_array_equal(mine, theirs, err_msg=name)


def cut(field: Field, item: Item, most: int) -> Item:
    """An item as a corpus keeps it: what is cut does not end there."""
    return field.end(item) if len(item) <= most else field.truncate(item, most)


def test_there_is_a_sample_of_every_kind() -> None:
    assert {sample.kind for sample in SAMPLES.values()} == set(FIELDS)
    assert all(field_class(name).kind == name for name in FIELDS)


@every_sample
def test_decode_of_encode_is_what_was_given_but_for_what_is_folded(sample: Sample) -> None:
    field = sample.field
    for raw in sample.raws:
        decoded = field.decode(field.parts(field.encode(raw))[0])
        if isinstance(raw, np.ndarray):
            assert decoded.values is not None
            np.testing.assert_allclose(decoded.values, raw, rtol=1e-5, atol=1e-4)
        else:
            assert (decoded.text, decoded.values) == (field.comparable(raw), None)


@every_sample
def test_an_answer_has_a_token_for_each_item_and_its_end_is_not_written(sample: Sample) -> None:
    field = sample.field
    for raw in sample.raws:
        (ids, *_) = field.parts(field.encode(raw))
        assert len(field.decode(ids).tokens) == len(ids) == len(field.display(field.encode(raw)))
        if field.ends:
            ended = field.end(field.encode(raw))
            last = ended[-1, -1] == END if sample.kind == "ink" else ended[-1] == EOS
            assert last and field.decode(ended).text == field.decode(ids).text


@every_sample
def test_json_gives_the_same_field_back(sample: Sample) -> None:
    stored = json.loads(json.dumps(sample.field.to_json()))
    again = read_field(stored, [sample.kind], CONFIG, sample.side)
    if sample.field.kind == "copyable_text":
        again = Fields(again, copyable().target).copyable(CONFIG).source
    assert type(again) is type(sample.field) and again.ends == sample.field.ends
    assert (again.to_json(), again.dimension) == (sample.field.to_json(), sample.field.dimension)
    same_side(*(field.collate([field.encode(raw) for raw in sample.raws]) for field in (again, sample.field)))


def test_json_of_no_kind_of_field_is_a_mistake() -> None:
    with pytest.raises(Mistake, match=r"no kind of field 'paintings'.* Known: .*values"):
        read_field({"kind": "paintings"}, ["text"], CONFIG, "source")


@every_sample
def test_its_dimension_is_of_its_type_and_as_large_as_what_it_encodes(sample: Sample) -> None:
    field = sample.field
    assert type(field.dimension) is field.dimension_type
    (some, *_) = field.parts(field.encode(sample.raws[-1]))
    if some.ndim == 2:
        assert field.dimension.features == some.shape[1]  # type: ignore[union-attr]
    else:
        count = field.dimension.count  # type: ignore[union-attr]
        assert some.max() < count == len(field.display_ids(np.arange(count)))


@pytest.mark.parametrize("most", [1, 2, MOST, 99])
@cut_at_its_end
def test_many_at_once_are_encoded_and_cut_as_one_by_one(sample: Sample, most: int) -> None:
    field = sample.field
    most = min(most, MOST) if field.kind == "copyable_text" else most
    alone = [field.encode(raw) for raw in sample.raws]
    found, count = field.truncate_many(field.encode_many(sample.raws), most)
    assert count == sum(len(item) > most for item in alone)
    kept = [field.parts(cut(field, item, most)) for item in alone]
    for number, flat in enumerate(found.parts):
        assert len(flat.values) == flat.lengths.sum()
        if field.kind != "document" or number == 0:  # sentences are cut with their words when a batch is made
            np.testing.assert_array_equal(flat.lengths, [len(parts[number]) for parts in kept])
            np.testing.assert_array_equal(flat.values, np.concatenate([parts[number] for parts in kept]))


@samples(lambda sample: sample.field.container != "arrays")  # a file of arrays holds one at least
def test_none_at_all_are_many_too(sample: Sample) -> None:
    assert [len(flat.values) for flat in sample.field.encode_many([]).parts] == [0] * len(sample.field.storage())


@every_sample
def test_what_is_stored_comes_back(sample: Sample) -> None:
    for raw in sample.raws:
        parts = sample.field.parts(sample.field.encode(raw))
        for part, (dtype, shape) in zip(parts, sample.field.storage(), strict=True):
            assert part.shape[1:] == shape
            np.testing.assert_array_equal(part.astype(dtype), part)


@every_sample
def test_a_side_is_padded_with_zeros_to_its_longest_item(sample: Sample) -> None:
    field = sample.field
    side = field.collate([field.truncate(field.encode(raw), MOST) for raw in sample.raws])
    assert len(side.values) == len(side.lengths) == len(sample.raws)
    assert side.values.dtype == (np.float32 if field.container == "arrays" else np.int64)
    if side.inner is None:
        real = np.arange(side.values.shape[1]) < side.lengths[:, None]
        assert side.values.shape[1] == side.lengths.max() and not side.values[~real].any()


@every_sample
def test_what_is_measured_is_a_metric_and_one_of_them_decides(sample: Sample) -> None:
    names, deciding = sample.field.metrics(sample.raws)
    assert deciding in names and set(names) <= set(METRICS)


@every_sample
def test_what_a_person_reads_of_it_is_half_a_line(sample: Sample) -> None:
    assert 0 < len(sample.field.summary) < 60 and "\n" not in sample.field.summary
    assert all(sample.field.column_kinds)


@without_an_end
def test_only_an_answer_with_an_end_has_a_beginning(sample: Sample) -> None:
    with pytest.raises(Mistake, match="answers cannot begin with 'X'"):
        sample.field.encode_prefix("X")
