"""The joint n-gram model: it sums over all ways to cut a pair, and its file holds all of it."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from unspool.decoding.hypothesis import Hypothesis
from unspool.errors import Mistake
from unspool.ngrams.joint import JointNgram
from unspool.ngrams.joint_file import REMEDY, read_joint_ngram, write_joint_ngram
from unspool.ngrams.kneser_ney import BOUNDARY
from unspool.ngrams.reordering import reorder


def fitted(pairs: list[tuple[list[int], list[int]]]) -> JointNgram:
    return JointNgram.fit([np.array(source) for source, _ in pairs], [np.array(target) for _, target in pairs])


@pytest.fixture(scope="module")
def joint() -> JointNgram:
    draw = np.random.default_rng(1)
    pairs = []
    for _ in range(60):
        source = draw.integers(4, 8, draw.integers(1, 6)).tolist()
        target = [symbol + 10 for symbol in source if symbol != 5]  # 5 is silent
        pairs.append((source, [*target, 20] if source[-1] == 7 else target))
    return fitted(pairs)


def cuttings(joint: JointNgram, source: list[int], target: list[int]) -> list[list[int]]:
    """All ways to spell a pair, by trying every sequence of joint symbols."""
    found = []
    for length in range(1, len(source) + 1):
        for numbers in itertools.product(range(1, len(joint.symbols) + 1), repeat=length):
            sides = [joint.symbols[number - 1] for number in numbers]
            spelled = [[symbol for side in part for symbol in side] for part in zip(*sides, strict=True)]
            if spelled == [source, target]:
                found.append([*numbers, BOUNDARY])
    return found


@pytest.mark.parametrize("source, target", [([4, 5, 6], [14, 16]), ([7, 7], [17, 17, 20]), ([6], [16])])
def test_a_probability_sums_over_all_ways_to_cut_the_pair(
    joint: JointNgram, source: list[int], target: list[int]
) -> None:
    ways = cuttings(joint, source, target)
    assert ways
    total = sum(math.exp(joint.model.log_likelihood(numbers, [BOUNDARY])) for numbers in ways)
    assert joint.log_prob(source, target) == pytest.approx(math.log(total), abs=1e-6)


def test_the_answer_is_the_likeliest(joint: JointNgram) -> None:
    for source in ([4, 5, 6], [7], [6, 5, 7], [4, 4, 4, 4]):
        answer = joint.answer(source)
        others = [joint.log_prob(source, [*answer[:-1]]), joint.log_prob(source, [*answer, 14])]
        assert joint.log_prob(source, answer) > max(others)
    assert joint.answer([4, 5, 6, 7]) == (14, 16, 17, 20)


def test_unknown_symbols_are_left_out_and_impossible_pairs_said_to_be(joint: JointNgram) -> None:
    assert joint.answer([4, 99, 6]) == (14, 16)
    assert joint.log_prob([4, 99, 6], [14, 16]) > -40
    assert joint.log_prob([4], [14, 14, 14]) == -math.inf
    assert joint.answer([]) == () and joint.log_prob([], []) > -math.inf


def test_a_model_of_nothing_answers_nothing() -> None:
    empty = fitted([])
    assert empty.answer([4]) == () and empty.log_prob([4], [14]) == -math.inf


def test_the_file_holds_all_of_it(joint: JointNgram, tmp_path: Path) -> None:
    path = tmp_path / "joint-ngram.npz"
    write_joint_ngram(path, joint)
    same = read_joint_ngram(path)
    for source, target in (([4, 5, 6], [14, 16]), ([7, 7], [17, 17, 20]), ([4, 99], [14])):
        assert same.log_prob(source, target) == joint.log_prob(source, target)
    assert same.answer([4, 5, 6, 7]) == joint.answer([4, 5, 6, 7])


@pytest.mark.parametrize("name, value", [
    ("parents", 10**6), ("suffixes", -1), ("symbols", 10**6), ("log_probs", np.nan), ("log_backoffs", 1.0),
])  # fmt: skip
def test_a_damaged_file_is_named(joint: JointNgram, tmp_path: Path, name: str, value: float) -> None:
    path = tmp_path / "joint-ngram.npz"
    write_joint_ngram(path, joint)
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays[name][-1] = value
    np.savez(path, **arrays)
    with pytest.raises(Mistake, match=r"joint-ngram\.npz holds no joint n-gram model"):
        read_joint_ngram(path)
    np.savez(path, **{key: array for key, array in arrays.items() if key != name})
    with pytest.raises(Mistake, match=r"joint-ngram\.npz"):
        read_joint_ngram(path)
    for content in (path.read_bytes()[:100], b"", b"hello\n"):
        path.write_bytes(content)
        with pytest.raises(Mistake, match=r"joint-ngram\.npz") as refused:
            read_joint_ngram(path)
        assert refused.value.remedy == REMEDY


def test_hypotheses_are_ordered_by_both(joint: JointNgram) -> None:
    right, wrong, cut = (
        Hypothesis((14, 16), -2.0, True),
        Hypothesis((14, 14), -1.5, True),
        Hypothesis((14,), -0.1, False),
    )
    found = [wrong, right, cut]
    ordered = reorder(joint, [4, 5, 6], found, 0.5)
    assert [one.items for one in ordered] == [(14, 16), (14, 14), (14,)], "what is cut stays last"
    assert ordered[0].joint_score == joint.log_prob([4, 5, 6], (14, 16)) and ordered[0].score == -2.0
    assert [one.items for one in reorder(joint, [4, 5, 6], found, 0.0)] == [(14, 14), (14, 16), (14,)]
