"""Answers of real values: modes, draws, and what there is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from drifting import WRITTEN, drifting, sources
from unspool.config import DecodingConfig
from unspool.decoding import search, search_corpus
from unspool.decoding.beam import beam_search
from unspool.decoding.ensemble import Ensemble
from unspool.decoding.likelihood import log_likelihoods
from unspool.decoding.prefix import PrefixConstraint
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper
from unspool.types import Array, Question

LENGTHS = (4, 1, 6, 3)


def stepper(**how: bool) -> TorchStepper:
    return TorchStepper(drifting(**how), torch.device("cpu"))


def sampling(**values: Any) -> DecodingConfig:
    return DecodingConfig(**{"sample": True, "max_length": 5, "n_best": 3} | values)


def by_hand(source: Array, choose: Any, steps: int) -> Array:
    """One source alone, a step at a time; `choose` from parameters `[1, P]` and the step's number."""
    one, written = stepper(), []
    cursor = one.open(pad([source]))
    for t in range(steps):
        answer, cursor = one.step(cursor, Question(everything=True))
        written.append(choose(answer.whole, t).astype(np.float32)[0])
        cursor = one.select(cursor, np.array([0]), np.array([0]), np.array([written[-1]]))
    return np.array(written)


def test_greedy_search_writes_the_mode_of_every_step() -> None:
    one = stepper()
    for source, [answer] in zip(
        sources(*LENGTHS), search_corpus(one, sources(*LENGTHS), DecodingConfig(max_length=5), pad), strict=True
    ):
        assert answer.items == () and answer.values is not None and answer.values.dtype == np.float32
        expected = by_hand(source, lambda parameters, t: one.distribution.mode(parameters), 5)  # type: ignore[union-attr]
        np.testing.assert_allclose(answer.values, expected, atol=1e-6)
        assert not answer.finished  # nothing but the maximum length ended it


def test_a_draw_is_that_of_its_seed_source_copy_and_step() -> None:
    one = stepper()
    found = search(one, pad(sources(*LENGTHS)), sampling(seed=4, temperature=0.5), numbers=[7, 1, 2, 3])
    for source, number, samples in zip(sources(*LENGTHS), (7, 1, 2, 3), found, strict=True):
        for copy, answer in enumerate(samples):
            uniforms = np.random.default_rng([4, number, copy]).random((5, WRITTEN))

            def draw(parameters: Array, t: int, uniforms: Array = uniforms) -> Any:
                return one.distribution.sample(parameters, uniforms[t], 0.5)  # type: ignore[union-attr]

            np.testing.assert_allclose(answer.values, by_hand(source, draw, 5), atol=1e-4)  # type: ignore[arg-type]


def test_draws_do_not_depend_on_who_shares_the_batch_nor_on_how_many_there_are() -> None:
    together = search_corpus(stepper(), sources(*LENGTHS), sampling(), pad)
    for number, length in enumerate(LENGTHS):
        [alone] = search_corpus(stepper(), sources(length), sampling(n_best=2), pad, numbers=[number])
        for one, other in zip(alone, together[number], strict=False):
            np.testing.assert_allclose(one.values, other.values, atol=1e-4)  # type: ignore[arg-type]


def test_almost_no_temperature_is_greedy_search() -> None:
    greedy = search_corpus(stepper(), sources(*LENGTHS), DecodingConfig(max_length=5), pad)
    cold = search_corpus(stepper(), sources(*LENGTHS), sampling(temperature=1e-12), pad)
    for [one], samples in zip(greedy, cold, strict=True):
        for other in samples:
            np.testing.assert_allclose(one.values, other.values, atol=1e-4)  # type: ignore[arg-type]


@pytest.mark.parametrize("settings", [DecodingConfig(max_length=5), sampling()], ids=["greedy", "samples"])
def test_a_score_is_the_log_density_of_what_was_written(settings: DecodingConfig) -> None:
    one, read = stepper(), sources(*LENGTHS)
    for source, answers in zip(read, search_corpus(one, read, settings, pad), strict=True):
        written = [answer.values for answer in answers if answer.values is not None]
        scores = log_likelihoods(one, [source] * len(written), written, pad)
        assert [answer.score for answer in answers] == pytest.approx(scores.tolist(), rel=1e-4)


def test_an_answer_ends_where_the_model_says_that_it_is_done() -> None:
    answers = [
        answer
        for [answer] in search_corpus(stepper(stops=True), sources(*range(1, 9)), DecodingConfig(max_length=30), pad)
    ]
    assert any(answer.finished for answer in answers)
    for answer in answers:
        assert answer.values is not None and (len(answer.values) < 30 or not answer.finished)
        assert len(answer.values) >= 1


def test_what_is_of_symbols_is_refused_in_a_clear_line() -> None:
    source = pad(sources(2))
    with pytest.raises(Mistake, match="Beam search is for symbols") as caught:
        beam_search(stepper(), source, beam=2, n_best=1, max_length=3, alpha=0.0)
    assert "--sample" in caught.value.remedy
    for narrow in ({"top_k": 3}, {"top_p": 0.5}):
        with pytest.raises(Mistake, match="Top-k and top-p are for symbols"):
            search(stepper(), source, sampling(**narrow))
    with pytest.raises(Mistake, match="A prefix consists of symbols"):
        PrefixConstraint(stepper(), [np.array([4])])
    with pytest.raises(Mistake, match="cannot form an ensemble"):
        Ensemble([stepper(), stepper()])


def test_a_bias_narrows_what_is_drawn() -> None:
    one, spreads = stepper(), []
    for bias in (0.0, 1.0, 30.0):
        [hypotheses] = search(one, pad(sources(4)), sampling(n_best=200, max_length=1, bias=bias))
        spreads.append(np.std([each.values for each in hypotheses], axis=0))
    np.testing.assert_allclose(spreads[1], spreads[0] / np.e, rtol=1e-4)
    assert (spreads[2] < 1e-5).all()
