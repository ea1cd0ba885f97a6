"""Samples show what a model answers to sources that it never saw: texts, labels, running text, real values."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from unspool.answers.answer import Answer, Prediction
from unspool.data.corpus import Example
from unspool.fields.field import Field
from unspool.fields.registry import Fields
from unspool.fields.running_text import RunningTextField
from unspool.fields.text import TextField
from unspool.fields.values import ValuesField
from unspool.samples import samples_of
from unspool.text import registry
from unspool.training.progress import Sample

TEXT = TextField(registry.fit("chars", ["abc"], size=300, min_count=1))
VALUES = ValuesField(np.zeros(1), np.ones(1))


class Fixed:
    """Answers every source with the same."""

    def __init__(self, field: Field, answer: Answer) -> None:
        self.fields = Fields(field, field)
        self.config = SimpleNamespace(decoding=SimpleNamespace(max_length=1000))
        self.answer = answer

    def predict(self, sources: list, *, beam: int, n_best: int, max_length: int) -> list[Prediction]:
        assert beam == n_best == 1 and max_length <= 200
        return [Prediction("", [], [self.answer]) for _ in sources]


def test_three_texts_evenly_spaced_each_with_whether_it_is_right() -> None:
    examples = [Example(f"a{number}", ("b", f"c{number}"), number) for number in range(9)]
    found = samples_of(Fixed(TEXT, Answer("c3", 0.0, [], None)), examples)  # type: ignore[arg-type]
    assert found == (
        Sample("a0", "c3", ("b", "c0"), False),
        Sample("a3", "c3", ("b", "c3"), True),
        Sample("a6", "c3", ("b", "c6"), False),
    )


def test_few_examples_are_all_samples_and_long_texts_are_cut() -> None:
    [sample] = samples_of(Fixed(TEXT, Answer("", 0.0, [], None)), [Example("a" * 1000, ("b",), 1)])  # type: ignore[arg-type]
    assert len(sample.source) == 200 and sample.source.endswith("…")


def test_of_running_text_its_end_and_how_it_goes_on() -> None:
    field = RunningTextField(registry.fit("chars", ["abc"], size=300, min_count=1))
    examples = [Example("x" * 250, ("y" * 2000,), 1)]
    assert samples_of(Fixed(field, Answer("yy", 0.0, [], None)), examples) == (  # type: ignore[arg-type]
        Sample("x" * 60, "yy", ("y" * 60,), False),
    )


def test_of_real_values_their_first_steps() -> None:
    answer = Answer("", 0.0, [], None, np.array([[0.25], [1.0]]))
    examples = [Example(np.arange(6.0)[:, None], (np.array([[0.5]]),), 1)]
    assert samples_of(Fixed(VALUES, answer), examples) == (  # type: ignore[arg-type]
        Sample("0, 1, 2, 3, … (6 steps)", "0.25, 1", ("0.5",), False),
    )
