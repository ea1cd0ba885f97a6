"""Beam search against definitions written without arrays: exhaustive enumeration, and one sentence at a time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.decoding.beam import beam_search
from unspool.decoding.greedy import decode_greedy
from unspool.decoding.hypothesis import LEAST, Hypothesis, coverage_penalty, length_penalty
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.types import EOS

SOURCES = [(5, 6, 7), (8,), (9, 9, 4, 4), (4, 7)]
WORLDS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "letters": st.integers(1, 3),
        "impossible": st.sampled_from([0.0, 0.0, 0.3]),
        "finishing": st.sampled_from([0.0, 0.2]),
        "eos_bonus": st.sampled_from([-3.0, 0.0, 2.0]),
    }
)


def batch(sources: list[tuple[int, ...]]) -> Any:
    return pad([np.array(source) for source in sources])


def plain(hypotheses: list[Hypothesis]) -> list[tuple[tuple[int, ...], float, bool]]:
    return [(h.items, pytest.approx(h.score, abs=1e-9), h.finished) for h in hypotheses]


def ranked(
    finished: list[Any], live: list[Any], alpha: float, coverage: Any = lambda written: 0.0, *, stuck: bool = False
) -> list[Any]:
    """(written with EOS, sum) of both kinds, best first, as (items, sum, finished).

    What was cut is ranked by its sum, among the others, and what is stuck after them.
    """
    ends = [
        *((True, score / length_penalty(len(w), alpha) + coverage(w), w, score, True) for w, score in finished),
        *((not stuck, score if stuck else score + coverage(w), w, score, False) for w, score in live),
    ]
    ends.sort(key=lambda end: end[:2], reverse=True)
    return [(tuple(i for i in written if i != EOS), score, done) for _, _, written, score, done in ends]


def covered(stepper: Any, source: tuple[int, ...], written: tuple[int, ...], beta: float) -> float:
    """`β Σ_i log min(Σ_j p_ij, 1)` (Wu et al. 2016, eq. 14)."""
    looked = [stepper.looks(source, written[:t]) for t in range(len(written))]
    return beta * sum(math.log(min(sum(at[i] for at in looked), 1.0)) for i in range(len(source)))


def textbook(
    stepper: Any, source: tuple[int, ...], beam: int, max_length: int, alpha: float, beta: float = 0.0
) -> list[Any]:
    """One sentence, lists only, and no stop before the beam is empty or the maximum length is reached."""
    live: list[Any] = [((), 0.0)]
    finished: list[Any] = []
    for _ in range(max_length):
        grown = []
        for written, score in live:
            log_probs, done = stepper.says(source, written)
            for rank in np.argsort(-log_probs, kind="stable"):
                if log_probs[rank] > -np.inf:
                    item = stepper.symbols[rank]
                    grown.append(((*written, item), score + log_probs[rank], done or item == EOS))
        stuck = bool(live) and not grown
        if stuck:
            break
        grown = sorted(grown, key=lambda end: -end[1])[: beam - len(finished)]
        finished += [(written, score) for written, score, ended in grown if ended]
        live = [(written, score) for written, score, ended in grown if not ended]
    return ranked(finished, live, alpha, lambda written: covered(stepper, source, written, beta), stuck=stuck)


def everything(stepper: Any, source: tuple[int, ...], max_length: int, alpha: float) -> list[Any]:
    """All sequences that can be written, best first."""
    finished, live = [], [((), 0.0)]
    for _ in range(max_length):
        grown = [
            ((*written, item), score + log_prob, item == EOS or stepper.says(source, written)[1])
            for written, score in live
            for item, log_prob in zip(stepper.symbols, stepper.says(source, written)[0], strict=True)
        ]
        finished += [(written, score) for written, score, ended in grown if ended]
        live = [(written, score) for written, score, ended in grown if not ended]
    return ranked(finished, live, alpha)


@settings(deadline=None, max_examples=60)
@given(WORLDS, st.integers(1, 7), st.sampled_from([0.0, 0.6, 2.0]))
def test_a_beam_of_one_is_greedy_search(toy: Any, world: Any, max_length: int, alpha: float) -> None:
    stepper = toy(**world)
    found = beam_search(stepper, batch(SOURCES), beam=1, n_best=1, max_length=max_length, alpha=alpha)
    one_each = decode_greedy(stepper, batch(SOURCES), max_length)
    assert [hypotheses for [hypotheses] in found] == one_each
    for [hypothesis], other in zip(found, one_each, strict=True):
        if hypothesis.attention is None:
            assert other.attention is None
        else:
            np.testing.assert_array_equal(hypothesis.attention, other.attention)


@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0, 3.0])
@pytest.mark.parametrize(("letters", "max_length"), [(2, 1), (2, 3), (2, 5), (3, 4)])
def test_a_beam_as_wide_as_the_tree_is_exhaustive_search(toy: Any, letters: int, max_length: int, alpha: float) -> None:
    wide = max(7, (letters + 1) ** max_length)
    for seed in range(3):
        stepper = toy(seed=seed, letters=letters)
        found = beam_search(stepper, batch(SOURCES), beam=wide, n_best=7, max_length=max_length, alpha=alpha)
        for source, hypotheses in zip(SOURCES, found, strict=True):
            assert plain(hypotheses) == everything(stepper, source, max_length, alpha)[:7]


def test_a_wide_beam_without_early_stop_finds_every_sequence_once(toy: Any) -> None:
    stepper = toy(seed=4)
    [found] = beam_search(stepper, batch(SOURCES[:1]), beam=81, n_best=81, max_length=4, alpha=0.6)
    assert plain(found) == everything(stepper, SOURCES[0], 4, 0.6)
    assert len({(h.items, h.finished) for h in found}) == len(found) == 2**4 + sum(2**i for i in range(4))


@settings(deadline=None, max_examples=150)
@given(WORLDS, st.integers(1, 6), st.data(), st.integers(1, 8), st.sampled_from([0.0, 0.6, 1.0, 4.0]))
def test_stopping_early_and_sharing_a_batch_never_change_the_result(
    toy: Any, world: Any, beam: int, data: Any, max_length: int, alpha: float
) -> None:
    n_best = data.draw(st.integers(1, beam))
    stepper = toy(**world)
    found = beam_search(stepper, batch(SOURCES), beam=beam, n_best=n_best, max_length=max_length, alpha=alpha)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        expected = textbook(stepper, source, beam, max_length, alpha)
        assert len(expected) >= 1
        assert plain(hypotheses) == expected[:n_best]


@settings(deadline=None, max_examples=60)
@given(WORLDS, st.integers(1, 5), st.permutations(range(len(SOURCES))))
def test_a_batch_equals_each_of_its_members_alone(toy: Any, world: Any, beam: int, order: list[int]) -> None:
    stepper = toy(**world)
    options = {"beam": beam, "n_best": beam, "max_length": 6, "alpha": 0.6}
    together = beam_search(stepper, batch([SOURCES[i] for i in order]), **options)
    for i, hypotheses in zip(order, together, strict=True):
        [alone] = beam_search(stepper, batch([SOURCES[i]]), **options)
        assert hypotheses == alone
        for one, other in zip(hypotheses, alone, strict=True):
            if one.attention is not None:
                np.testing.assert_array_equal(one.attention, other.attention)


@settings(deadline=None, max_examples=60)
@given(WORLDS, st.integers(1, 5))
def test_score_and_attention_are_those_of_the_hypothesis_own_steps(toy: Any, world: Any, beam: int) -> None:
    stepper = toy(**world)
    for source, hypotheses in zip(
        SOURCES,
        beam_search(stepper, batch(SOURCES), beam=beam, n_best=beam, max_length=6, alpha=0.6),
        strict=True,
    ):
        for hypothesis in hypotheses:
            said_done = bool(hypothesis.items) and stepper.says(source, hypothesis.items[:-1])[1]
            written = (*hypothesis.items, EOS) if hypothesis.finished and not said_done else hypothesis.items
            looked = [stepper.looks(source, written[:t]) for t in range(len(written))]
            if hypothesis.attention is None:
                assert not looked
            else:
                np.testing.assert_array_equal(hypothesis.attention, looked)
            assert hypothesis.score == pytest.approx(stepper.log_prob(source, written), abs=1e-9)


@settings(deadline=None, max_examples=100)
@given(
    WORLDS, st.integers(1, 6), st.data(), st.integers(1, 8), st.sampled_from([0.0, 0.6]), st.sampled_from([0.2, 3.0])
)
def test_a_coverage_penalty_ranks_answers_and_chooses_no_symbol(
    toy: Any, world: Any, beam: int, data: Any, max_length: int, alpha: float, beta: float
) -> None:
    n_best = data.draw(st.integers(1, beam))
    stepper, options = toy(**world), {"max_length": max_length, "alpha": alpha, "beta": beta}
    found = beam_search(stepper, batch(SOURCES), beam=beam, n_best=n_best, **options)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        assert plain(hypotheses) == textbook(stepper, source, beam, **options)[:n_best]


def test_of_two_answers_a_coverage_penalty_prefers_the_one_that_looked_everywhere(toy: Any) -> None:
    class Half(toy):  # type: ignore[misc]
        """The likelier answer looks at the first of two items alone."""

        def says(self, source: Any, prefix: Any) -> Any:
            return np.log([1e-9, 0.6, 0.4] if not prefix else [1 - 2e-9, 1e-9, 1e-9]), False

        def looks(self, source: Any, prefix: Any) -> Any:
            return np.array([0.5, 0.5] if 5 in prefix else [0.9, 0.1])

    options = {"beam": 3, "n_best": 1, "max_length": 3, "alpha": 0.0}
    best = {beta: beam_search(Half(), batch([(4, 5)]), **options, beta=beta)[0][0].items for beta in (0.0, 1.0)}
    assert best == {0.0: (4,), 1.0: (5,)}


def test_a_coverage_penalty_without_attention_is_refused(toy: Any) -> None:
    class Blind(toy):  # type: ignore[misc]
        def step(self, cursor: Any, question: Any) -> Any:
            answer, cursor = super().step(cursor, question)
            return answer._replace(attention=None), cursor

    options: dict[str, Any] = {"beam": 2, "n_best": 1, "max_length": 3, "alpha": 0.0}
    with pytest.raises(Mistake, match="attention") as caught:
        beam_search(Blind(), batch(SOURCES), **options, beta=0.1)
    assert "--coverage-penalty" in caught.value.remedy
    assert beam_search(Blind(), batch(SOURCES), **options)


def test_what_was_never_looked_at_costs_much_and_not_everything() -> None:
    looked, real = np.array([[0.0, 1.0, 0.0], [0.5, 3.0, 0.0]]), np.array([True, True, False])
    assert coverage_penalty(looked, real, 0.5).tolist() == pytest.approx([0.5 * math.log(LEAST), 0.5 * math.log(0.5)])


def test_a_narrower_bound_would_have_stopped_too_early(toy: Any) -> None:
    """Some world needs the maximum length in the bound: judged by their present length the live ones had lost."""

    class Late(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            if not prefix:
                return np.log([0.5, 0.4, 0.1]), False
            stops = len(prefix) == 6
            return np.log([0.98, 0.01, 0.01] if stops else [0.01, 0.98, 0.01]), False

    [[best]] = beam_search(Late(), batch([(4,)]), beam=2, n_best=1, max_length=8, alpha=1.0)
    assert best.items == (4,) * 6


def test_a_finished_hypothesis_uses_up_a_place_for_good(toy: Any) -> None:
    """EOS is the worst but one at the start, yet takes one of three places: two rows live on, then never more."""

    class Places(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return np.log([0.3, 0.4, 0.2, 0.1] if not prefix else [1e-9, 0.4, 0.3, 0.3]), False

    stepper = Places(letters=3)
    [found] = beam_search(stepper, batch([(4,)]), beam=3, n_best=3, max_length=4, alpha=0.0)
    assert stepper.sizes == [(1, 1), (1, 2), (1, 2), (1, 2)]
    assert sorted(h.finished for h in found) == [False, False, True]


def test_an_answer_that_was_cut_goes_before_an_empty_one_that_is_improbable(toy: Any) -> None:
    class Long(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return np.log([0.003, 0.7, 0.297]), False

    for alpha in (0.0, 0.6, 2.0):
        [[best]] = beam_search(Long(), batch([(4,)]), beam=4, n_best=1, max_length=2, alpha=alpha)
        assert (best.items, best.finished) == ((4, 4), False)


def test_a_loop_that_was_cut_is_not_rewarded_for_its_length(toy: Any) -> None:
    class Loops(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return np.log([0.45, 0.5, 0.05] if not prefix else [1e-9, 0.95, 0.05]), False

    [[best]] = beam_search(Loops(), batch([(4,)]), beam=2, n_best=1, max_length=40, alpha=1.0)
    assert (best.items, best.finished) == ((), True)


def test_finished_sentences_leave_the_batch(toy: Any) -> None:
    class Counts(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            stops = len(prefix) >= len(source)
            return np.log([0.98, 0.01, 0.01] if stops else [1e-12, 0.6, 0.4]), False

    stepper = Counts()
    beam_search(stepper, batch(SOURCES), beam=2, n_best=1, max_length=9, alpha=0.0)
    assert [memories for memories, _ in stepper.sizes] == [4, 4, 3, 2, 1]


def test_the_item_chosen_when_the_model_says_done_is_kept_and_counted(toy: Any) -> None:
    class Says(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return np.log([0.1, 0.7, 0.2]), len(prefix) == 2

    stepper = Says(finishing=1.0)
    [found] = beam_search(stepper, batch([(4, 5)]), beam=4, n_best=2, max_length=9, alpha=0.0)
    assert found[0].items == (4, 4, 4) and found[0].finished
    assert found[0].score == pytest.approx(3 * np.log(0.7))
    assert found[0].attention is not None and found[0].attention.shape == (3, 2)


def test_impossible_continuations_never_enter_the_beam(toy: Any) -> None:
    stepper = toy(seed=1, letters=3, impossible=0.5)
    for hypotheses in beam_search(stepper, batch(SOURCES), beam=30, n_best=30, max_length=4, alpha=0.6):
        assert all(np.isfinite(h.score) for h in hypotheses)
        assert len({(h.items, h.finished) for h in hypotheses}) == len(hypotheses)


@pytest.mark.parametrize("bad", [-np.inf, np.nan])
def test_a_dead_end_is_returned_unfinished(toy: Any, bad: float) -> None:
    class Ends(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return (np.full(3, bad) if len(prefix) == len(source) - 1 else np.log([1e-9, 0.6, 0.4])), False

    found = beam_search(Ends(), batch([(5,), (5, 6, 7)]), beam=2, n_best=2, max_length=9, alpha=0.6)
    assert plain(found[0]) == [((), 0.0, False)]
    assert plain(found[1]) == [((4, 4), 2 * np.log(0.6), False), ((4, 5), np.log(0.24), False)]


def test_ties_go_to_the_lower_place_and_then_to_what_was_named_first(toy: Any) -> None:
    class Ties(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return np.array([-np.inf, -1.0, -1.0]), False

    [found] = beam_search(Ties(), batch([(4,)]), beam=3, n_best=3, max_length=2, alpha=0.6)
    assert [h.items for h in found] == [(4, 4), (4, 5), (5, 4)]


def test_the_length_penalty_is_that_of_gnmt() -> None:
    assert length_penalty(1, 0.7) == 1.0
    assert length_penalty(7, 0.5) == pytest.approx(2**0.5)
    assert length_penalty(30, 0.0) == 1.0
