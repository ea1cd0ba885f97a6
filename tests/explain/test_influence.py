"""The influence of what is read on what is written: true on every model, by every method."""

from __future__ import annotations

import numpy as np
import torch

from explained import explained
from unspool.explain.forced_answer import Explained
from unspool.explain.influence import TOGETHER, influence_of
from unspool.explain.scaled_network import ScaledNetwork
from unspool.nn.stepper import to_torch
from unspool.types import Array, Sequences
from worlds import PLAIN, World, on

STEP = 1e-6
LUONG = next(world for world in PLAIN if (world.model, world.label) == ("luong", "default"))
# Each model with each kind of data, and an entry that folds copied symbols.
SOME = {(world.model, world.task): world for world in reversed(PLAIN) if not world.copies}
some_worlds = on([*SOME.values(), next(world for world in PLAIN if world.label == "copying-fed")])


def log_probs(world: World, model: torch.nn.Module, given: Explained) -> Array:
    source, answer = to_torch(given.source, torch.device("cpu")), torch.as_tensor(given.answer).unsqueeze(0)
    memory = model.encode(source)
    first, state = model.start(memory)
    step, _ = model.unroll(torch.cat([first.unsqueeze(1).to(answer.dtype), answer[:, :-1]], 1), state, memory)
    return -model.head.loss(step, answer, memory)[0][0].detach().numpy()


def as_double(given: Explained) -> Explained:
    def wide(side: Array | None) -> Array | None:
        return side.astype(np.float64) if side is not None and side.dtype.kind == "f" else side

    source = given.source
    sides = map(wide, (source.values, source.lengths, source.inner, source.copies))
    return given._replace(source=Sequences(*sides), answer=wide(given.answer))


@some_worlds
def test_every_method_agrees_with_what_it_approximates(world: World) -> None:
    """Gradients by a small step, the sum of the integral by the difference from zero vectors, for every model."""
    model, given = world.build().double(), as_double(explained(world))
    network = ScaledNetwork(model, given)
    with torch.no_grad():
        plain = network.run(np.ones((1, network.items))).log_probs[0].numpy()
        assert np.allclose(plain, log_probs(world, model, given)), "the hooks change nothing"
        smaller = network.run(1 - STEP * np.eye(network.items)).log_probs.numpy()
        zero = network.run(np.where(network.attributed, 0.0, 1.0)[None]).log_probs[0].numpy()
    shares = influence_of(model, given, "gradient_input")
    slopes = network.split((plain - smaller).T / STEP)
    assert np.allclose(shares.read, slopes.read, atol=1e-3) and np.allclose(shares.written, slopes.written, atol=1e-3)
    whole = influence_of(model, given, "integrated")
    assert np.allclose(whole.read.sum(1) + whole.written.sum(1), plain - zero, rtol=0.05, atol=0.05)
    lengths = influence_of(model, given, "gradient")
    assert (lengths.read >= 0).all() and lengths.read.any()
    without = influence_of(model, given, "occlusion")
    steps, items = without.read.shape
    assert steps == len(given.answer) and without.written.shape == (steps, steps)
    assert items == (given.source.inner.sum() if given.source.inner is not None else given.source.lengths[0])
    assert np.abs(np.triu(without.written)).max() < 1e-9, "nothing depends on what is written later"


def test_the_other_answer_is_subtracted() -> None:
    model, given = LUONG.build(), explained(LUONG)
    other = given._replace(answer=given.answer[::-1].copy())
    both = influence_of(model, given._replace(instead=given.answer), "gradient_input")
    assert not both.read.any(), "an answer instead of itself"
    first = influence_of(
        model, given._replace(answer=given.answer[:1], instead=other.answer[:1]), "gradient_input"
    ).read
    alone = [influence_of(model, one._replace(answer=one.answer[:1]), "gradient_input").read for one in (given, other)]
    assert np.allclose(first, alone[0] - alone[1], atol=1e-5)


def test_many_answers_are_explained_in_parts() -> None:
    model, given = LUONG.build(), explained(LUONG, 5, TOGETHER + 3)
    whole, begin = (
        influence_of(model, given, "gradient"),
        influence_of(model, given._replace(answer=given.answer[:3]), "gradient"),
    )
    assert np.allclose(whole.read[:3], begin.read, atol=1e-5) and whole.read.shape == (TOGETHER + 3, 5)


@on(world for world in PLAIN if (world.model, world.label) in {("luong", "default"), ("sutskever", "default")})
def test_a_column_is_that_of_its_symbol_also_if_the_last_one_is_read_first(world: World) -> None:
    """A symbol whose vector is zero has no influence, wherever it stands."""
    model, given = world.build(), explained(world)
    given = given._replace(source=Sequences(np.array([[5, 4, 4, 6]]), np.array([4])))
    entry = model.source_embedding if world.model == "sutskever" else model.encoder.embedding
    with torch.no_grad():
        entry.table.weight[5] = 0.0
    read = influence_of(model, given, "occlusion").read
    assert not read[:, 0].any() and (np.abs(read[:, 1:]) > 1e-6).any(0).all()
