"""Running text: it has no end, its beginning may be empty, and nothing of it is lost."""

from __future__ import annotations

import pytest

from field_samples import column, fitted
from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.running_text import EXACT, RunningTextField

TEXT = "in the beginning\n"
FIELD = fitted("running_text", "target", [TEXT])


def test_it_does_not_end_and_may_be_empty() -> None:
    item = FIELD.encode(TEXT)
    assert FIELD.end(item) is item and FIELD.may_be_empty and not FIELD.has_answers
    assert FIELD.decode(item).text == TEXT


def test_of_a_beginning_that_is_too_long_the_end_is_kept() -> None:
    item = FIELD.encode(TEXT)
    assert FIELD.truncate(item, 4).tolist() == item[-4:].tolist()
    assert FIELD.truncate(item, 99).tolist() == item.tolist()


def test_something_must_go_on() -> None:
    assert len(FIELD.check("the", FIELD.encode("the"), None)) == 3
    with pytest.raises(Mistake, match="0 symbols, and the model writes 1"):
        FIELD.check("", FIELD.encode(""), None)


@pytest.mark.parametrize("kind", ["auto", *EXACT])
def test_it_is_read_by_tokenizers_that_lose_nothing(kind: str) -> None:
    field = RunningTextField.fit([column([TEXT], kind)], DataConfig(), "source").field
    assert field.column_kinds == ["chars" if kind == "auto" else kind]
    assert field.decode(field.encode(TEXT)).text == TEXT


@pytest.mark.parametrize("asked", [["words"], ["chars", "bytes"]])
def test_what_would_lose_something_or_is_of_two_kinds_is_refused(asked: list[str]) -> None:
    with pytest.raises(Mistake, match="cannot be read as") as caught:
        RunningTextField.check_columns([column([TEXT], kind) for kind in asked])
    assert "chars|bytes|jamo" in caught.value.remedy
