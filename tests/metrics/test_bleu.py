"""BLEU, chrF and TER against figures computed by hand, and our counts against sacrebleu's figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.errors import Mistake
from unspool.metrics.bleu import bleu, chrf, ter
from unspool.metrics.chrf import chrf_counts, chrf_of

TEXT = st.text(alphabet="ab c가", max_size=12)
CORPUS = st.lists(st.tuples(TEXT, st.lists(TEXT, min_size=1, max_size=3).map(tuple)), min_size=1, max_size=6)


def test_bleu_follows_its_definition() -> None:
    found = bleu(["the cat sat on the mat today"], [("the cat sat on a mat",)], resamples=0)
    precisions = [5 / 7, 3 / 6, 2 / 5, 1 / 4]
    assert found.value == pytest.approx(100 * np.prod(precisions) ** 0.25)
    assert found.interval is None


def test_the_brevity_penalty_takes_the_nearest_of_several_lengths() -> None:
    found = bleu(["a b c d"], [("a b c d e f g h", "a b c d e")], resamples=0)
    assert found.value == pytest.approx(100 * np.exp(1 - 5 / 4))


def test_sources_may_have_different_numbers_of_references_in_any_order() -> None:
    predictions = ["a b c d e", "f g h i j"]
    found = bleu(predictions, [("x y", "a b c d e"), ("f g h i j",)], resamples=0)
    assert found.value == pytest.approx(100)
    assert "nrefs:var" in found.signature
    assert found == bleu(predictions, [("a b c d e", "x y"), ("f g h i j",)], resamples=0)


def test_the_signature_states_metric_tokenizer_and_version() -> None:
    assert bleu(["a"], [("a",)], tokenizer="char", resamples=0).signature.startswith(
        "BLEU|nrefs:1|case:mixed|eff:no|tok:char|"
    )
    assert chrf(["a"], [("a",)], resamples=0).signature.startswith("chrF2|nrefs:1|")
    assert ter(["a"], [("a",)], resamples=0).signature.startswith("TER|nrefs:1|")


def test_char_splits_what_has_no_spaces() -> None:
    assert bleu(["나는학교에간다"], [("나는학교에갔다",)], resamples=0).value == 0
    assert bleu(["나는학교에간다"], [("나는학교에갔다",)], tokenizer="char", resamples=0).value > 50


def test_an_unknown_tokenizer_is_a_mistake_that_names_the_nearest() -> None:
    with pytest.raises(Mistake, match="Did you mean 'char'"):
        bleu(["a"], [("a",)], tokenizer="chars")


def test_ter_counts_a_shift_as_one_edit() -> None:
    assert ter(["c d a b"], [("a b c d",)], resamples=0).value == pytest.approx(25)


@settings(deadline=None, max_examples=80)
@given(CORPUS)
def test_chrf_of_our_counts_is_the_figure_of_sacrebleu(corpus: list[tuple[str, tuple[str, ...]]]) -> None:
    predictions, references = [p for p, _ in corpus], [r for _, r in corpus]
    ours = chrf_of(chrf_counts(predictions, references).sum(axis=0))
    assert ours == pytest.approx(chrf(predictions, references, resamples=0).value, abs=1e-9)


@pytest.mark.parametrize("metric", [bleu, chrf, ter])
def test_the_interval_of_one_source_is_its_figure(metric: object) -> None:
    found = metric(["the cat sat on the mat now"], [("the cat sat on the mat", "a cat")], resamples=20)  # type: ignore[operator]
    assert found.interval == pytest.approx((found.value, found.value))


@pytest.mark.parametrize("metric", [bleu, chrf, ter])
def test_intervals_hold_the_figure_and_narrow_with_more_sources(metric: object) -> None:
    random = np.random.default_rng(0)
    words = np.array(["the", "cat", "sat", "on", "a", "mat", "and", "saw", "two", "dogs", "run"])
    references = [(" ".join(random.choice(words, 8)),) for _ in range(120)]
    predictions = [" ".join(w if random.random() < 0.8 else "so" for w in text.split()) for [text] in references]
    widths = []
    for count in (20, 120):
        found = metric(predictions[:count], references[:count], resamples=200)  # type: ignore[operator]
        low, high = found.interval
        assert low < found.value < high
        widths.append(high - low)
    assert widths[1] < 0.7 * widths[0]
