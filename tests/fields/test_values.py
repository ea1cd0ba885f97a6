"""Real values: their scale, what is refused, and what a density means on the scale of the data."""

from __future__ import annotations

import numpy as np
import pytest

from field_samples import column, fitted, values
from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.values import ValuesField

FIELD = fitted("values", "source", values())


def test_all_rows_together_have_mean_0_and_deviation_1() -> None:
    scaled = np.concatenate([FIELD.encode(raw) for raw in values()])
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(0), 1, atol=1e-4)


def test_a_feature_that_never_changes_keeps_its_size() -> None:
    still = np.array([[5.0, 1.0], [5.0, 3.0]])
    field = ValuesField.fit([column([still])], DataConfig(), "source").field
    np.testing.assert_allclose(field.encode(still + np.array([2.0, 0.0]))[:, 0], 2)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("some text", "real values, and got the text 'some text'"),
        (None, "real values, and got a NoneType"),
        (np.zeros((4, 3)), "2 values a row, and got an array of shape"),
        (np.zeros(4), "2 values a row"),
    ],
)
def test_what_is_no_sequence_of_as_many_features_is_a_mistake(raw: object, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        FIELD.encode(raw)


def test_an_answer_is_on_the_scale_of_the_data_and_its_text_has_a_part_for_each_step() -> None:
    field = ValuesField(np.array([10.0, -1.0]), np.array([2.0, 0.5]))
    decoded = field.decode(np.array([[0.0, 0.0], [1.0, 2.0]]))
    assert decoded.values is not None
    assert decoded.values.tolist() == [[10, -1], [12, 0]] and decoded.text == "10 -1, 12 0"
    assert decoded.tokens == ["10 -1", "12 0"]


def test_a_density_is_divided_by_the_volume_that_one_unit_of_the_network_has() -> None:
    field = ValuesField(np.zeros(2), np.array([2.0, 0.5, 4.0]))
    assert field.log_volume(np.zeros((5, 3))) == pytest.approx(5 * np.log(2 * 0.5 * 4))


def test_it_is_as_long_as_the_longest_of_training_and_has_no_end() -> None:
    assert FIELD.longest_answer(9, DataConfig()) == 9
    item = FIELD.encode(values()[0])
    assert FIELD.end(item) is item and FIELD.unknown(item) == 0


def test_there_are_no_words_in_it() -> None:
    with pytest.raises(Mistake, match="Real values have no words"):
        FIELD.symbols(values()[0])
    assert FIELD.display(FIELD.encode(values()[1])) == ["0", "1", "2"] and FIELD.text_of(values()[1]) == ""


def test_what_is_far_from_zero_keeps_what_differs() -> None:
    lines = [1.7e9 + np.array([[0.0], [0.1], [0.2]]) * sign for sign in (1, -1)]
    field = ValuesField.fit([column(lines)], DataConfig(), "source").field
    up, down = (field.encode(line)[:, 0] for line in lines)
    np.testing.assert_allclose(np.diff(up), -np.diff(down), rtol=1e-4)
    assert np.diff(up).min() > 0.5
    again = ValuesField.from_json(field.to_json(), DataConfig(), "source")
    decoded = again.decode(again.encode(lines[0]))
    np.testing.assert_allclose(decoded.values, lines[0], rtol=0, atol=1e-6)
    assert decoded.text == "1700000000, 1700000000.1, 1700000000.2"


@pytest.mark.parametrize(
    ("value", "said"),
    [(np.nan, "row 2 is .*nan is not finite"), (-np.inf, "row 2 .*-inf"), (1e300, "row 2 .*larger than float32")],
)
def test_what_is_no_number_is_a_mistake_that_names_the_row(value: float, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        FIELD.encode(np.array([[0.0, 1.0], [2.0, 3.0], [value, 4.0]]))


def test_a_value_too_far_from_those_of_training_is_a_mistake() -> None:
    field = ValuesField(np.array([0.0]), np.array([1e-3]))
    with pytest.raises(Mistake, match="too far from those of training: row 0 is"):
        field.encode(np.array([[3e38]]))
