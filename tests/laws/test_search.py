"""Search over real models: what it returns is what the model says."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from unspool.decoding.beam import beam_search
from unspool.decoding.greedy import decode_greedy
from unspool.decoding.hypothesis import Hypothesis, length_penalty
from unspool.fields.copyable_text import Copyable
from unspool.fields.field import Item
from unspool.nn.stepper import TorchStepper, to_torch
from unspool.types import EOS, UNK, Array, Sequences, Step, Tree
from worlds import PLAIN, World, leaves, on, plain_symbol_worlds, symbol_worlds

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [], [8, 4, 8])]
TINY = (9, 6)  # written: UNK, EOS and two letters
LONGEST = 3


def stepper(model: Any) -> TorchStepper:
    return TorchStepper(model, torch.device("cpu"))


@torch.no_grad()
def encoded(model: Any, source: Sequences[Array]) -> Tree:
    return model.encode(to_torch(source, torch.device("cpu")))


@torch.no_grad()
def scored(model: Any, memory: Tree, written: tuple[int, ...]) -> tuple[float, Step]:
    """The log-probability of what was written, EOS included where it is there, and its steps."""
    first, state = model.start(memory)
    targets = torch.tensor([written])
    step, _ = model.unroll(torch.cat([first.unsqueeze(1), targets[:, :-1]], 1), state, memory)
    return model.head.log_prob(step, targets, memory).double().sum().item(), step


def plain(hypothesis: Hypothesis) -> tuple[Any, ...]:
    return hypothesis.items, pytest.approx(hypothesis.score, abs=1e-5), hypothesis.finished


@symbol_worlds
def test_beam_of_one_equals_greedy(world: World) -> None:
    model = world.build()
    found = beam_search(stepper(model), world.batch(SOURCES), beam=1, n_best=1, max_length=8, alpha=0.6)
    assert [plain(best) for (best,) in found] == [
        plain(one) for one in decode_greedy(stepper(model), world.batch(SOURCES), 8)
    ]


@symbol_worlds
def test_score_is_the_sum_of_the_log_probabilities_of_the_steps(world: World) -> None:
    model = world.build()
    found = beam_search(stepper(model), world.batch(SOURCES), beam=4, n_best=4, max_length=6, alpha=0.6)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        memory = encoded(model, world.batch([source]))
        for hypothesis in hypotheses:
            eos = [EOS] * (hypothesis.finished and not world.labels)
            score, step = scored(model, memory, (*hypothesis.items, *eos))
            assert hypothesis.score == pytest.approx(score, abs=1e-5)
            attention = [leaf[0].numpy() for leaf in leaves(step.attention)]
            for mine, expected in zip(leaves(hypothesis.attention), attention, strict=True):
                assert mine.shape == expected.shape or not len(source)
                np.testing.assert_allclose(mine, expected[tuple(map(slice, mine.shape))], atol=1e-5)


@symbol_worlds
def test_search_does_not_depend_on_who_shares_the_batch(world: World) -> None:
    model = world.build()
    options: dict[str, Any] = {"beam": 3, "n_best": 3, "max_length": 6, "alpha": 0.6}
    together = beam_search(stepper(model), world.batch(SOURCES), **options)
    alone = [beam_search(stepper(model), world.batch([source]), **options)[0] for source in SOURCES]
    assert [[plain(one) for one in answer] for answer in together] == [[plain(one) for one in a] for a in alone]


@plain_symbol_worlds
def test_wide_beam_equals_exhaustive_search(world: World) -> None:
    assert_wide_beam_is_exhaustive(world, alpha=1.0, seed=1)


@on(world for world in PLAIN if world.writes_symbols and world.label == "default")
def test_wide_beam_equals_exhaustive_search_without_a_length_penalty(world: World) -> None:
    assert_wide_beam_is_exhaustive(world, alpha=0.0, seed=2)


def assert_wide_beam_is_exhaustive(world: World, alpha: float, seed: int) -> None:
    tiny = replace(world, symbols=TINY)
    model, whole = tiny.build(seed), [everything_for(tiny, source) for source in tiny.sources(SOURCES)]
    wide = max(map(len, whole))
    batch = tiny.batch(SOURCES)
    found = beam_search(stepper(model), batch, beam=wide, n_best=wide, max_length=LONGEST, alpha=alpha)
    for source, everything, hypotheses in zip(SOURCES, whole, found, strict=True):
        assert [plain(one) for one in hypotheses] == exhaustive(model, tiny.batch([source]), everything, alpha)


def everything_for(world: World, source: Item) -> list[tuple[int, ...]]:
    """All answers that a source can have; what it holds beyond the vocabulary can be copied."""
    if world.labels:
        return labels(world, len(source))
    beyond = sorted({*source.copies.tolist()} - {*range(TINY[1])}) if isinstance(source, Copyable) else []
    return texts(LONGEST, [UNK, EOS + 1, EOS + 2, *beyond])


def texts(longest: int, letters: list[int]) -> list[tuple[int, ...]]:
    """Everything that can be written in so many steps, with its EOS where there is room for one."""
    whole = [(*text, EOS) for length in range(longest) for text in itertools.product(letters, repeat=length)]
    return whole + list(itertools.product(letters, repeat=longest))


def labels(world: World, length: int) -> list[tuple[int, ...]]:
    """One label, or one for each item, as far as there are steps."""
    steps = 1 if world.task.target == "label" else max(1, length)
    return list(itertools.product([EOS + 1, EOS + 2], repeat=min(steps, LONGEST)))


def exhaustive(
    model: Any, source: Sequences[Array], everything: list[tuple[int, ...]], alpha: float
) -> list[tuple[Any, ...]]:
    """What ends by its normalised score, and what does not by its sum, together; nothing that is impossible."""
    finished, cut = [], []
    memory = encoded(model, source)
    for written in everything:
        score, step = scored(model, memory, written)
        if score == -np.inf:
            continue
        if written[-1] == EOS or (step.done is not None and step.done[0, -1]):  # EOS was written, or the model says so
            items = written[:-1] if written[-1] == EOS else written
            finished.append((score / length_penalty(len(written), alpha), (items, score, True)))
        else:
            cut.append((score, (written, score, False)))
    ranked = sorted(finished + cut, key=lambda pair: -pair[0])
    return [answer for _, answer in ranked]
