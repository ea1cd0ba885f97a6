"""What a decoder is fed while it learns: the truth as often as the schedule says, otherwise its own choices."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from unspool.config import TrainingConfig, validated
from unspool.errors import Mistake
from unspool.nn.heads import choose_symbol
from unspool.training.objectives import likelihood, teacher_forcing
from unspool.training.scheduled_sampling import decayed, scheduled_inputs, teacher_forcing_ratio
from unspool.types import FIRST_EMITTED, Step
from worlds import PLAIN, World, assert_same, examples

WRITING = [world for world in PLAIN if not world.labels]
writing_worlds = pytest.mark.parametrize("world", WRITING, ids=lambda w: f"{w.model}-{w.label}")
DECAYS = ("linear", "exponential", "inverse_sigmoid")


def gradients(model: Any, loss: Tensor) -> list[Tensor | None]:
    return torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)


def assert_same_gradients(actual: list[Tensor | None], expected: list[Tensor | None]) -> None:
    for one, other in zip(actual, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


def best(model: Any, step: Step, memory: Any) -> Tensor:
    """What a head should choose, by its whole distribution."""
    if model.head.distribution is None:
        return model.head.log_probs(step, memory).argmax(-1) + FIRST_EMITTED
    parameters = model.head.density_parameters(step, memory).detach().numpy()
    return torch.from_numpy(model.head.distribution.mode(parameters)).float()


def freely(world: World, model: Any, steps: int) -> tuple[Tensor, Tensor]:
    """Free running as it reads: feed, ask, choose; the choices `[B, T]` and the loss of them."""
    batch = world.examples()
    memory = model.encode(batch.source)
    last, state = model.start(memory)
    items, loss = [last], torch.zeros(())
    for t in range(steps):
        step, state = model.step(items[-1], state, memory)
        losses, _ = model.head.loss(step, batch.target.values[:, t], memory)
        loss = loss + losses[t < batch.target.lengths].sum()
        items.append(best(model, step, memory))
    return torch.stack(items[:-1], 1), loss


def begun(world: World, model: Any) -> tuple[Any, Tensor]:
    """The source, and the true inputs."""
    batch = world.examples()
    first, _ = model.start(model.encode(batch.source))
    return batch.source, torch.cat([first.unsqueeze(1), batch.target.values[:, :-1]], 1)


@writing_worlds
def test_truth_alone_is_teacher_forcing_and_draws_nothing(world: World) -> None:
    model, batch = world.build(), world.examples()
    before = torch.get_rng_state()
    ours = likelihood(model, batch.source, batch.target, 0.1, ratio=1.0)
    expected = teacher_forcing(model, batch.source, batch.target, 0.1)
    assert torch.equal(torch.get_rng_state(), before)
    assert_same(ours, expected, rtol=0, atol=0)
    for one, other in zip(gradients(model, ours.smoothed), gradients(model, expected.smoothed), strict=True):
        assert one is other is None or torch.equal(one, other)
    assert torch.equal(scheduled_inputs(model, *begun(world, model), 1.0), begun(world, model)[1])


@writing_worlds
def test_no_truth_is_free_running_step_by_step(world: World) -> None:
    model, batch = world.build(), world.examples()
    choices, expected = freely(world, model, batch.target.values.shape[1])
    ours = likelihood(model, batch.source, batch.target, 0.0, ratio=0.0)
    assert_same(scheduled_inputs(model, *begun(world, model), 0.0), choices)
    torch.testing.assert_close(ours.smoothed, expected, rtol=1e-5, atol=1e-4)
    assert_same_gradients(gradients(model, ours.smoothed), gradients(model, expected))


def test_what_is_fed_matters() -> None:
    model, batch = World("luong", "default", {}).build(), examples()
    free, taught = (likelihood(model, batch.source, batch.target, 0.0, share).smoothed for share in (0.0, 1.0))
    assert abs(free - taught) > 1e-3


@writing_worlds
def test_a_choice_follows_from_what_was_really_fed(world: World) -> None:
    model = world.build()
    source, inputs = begun(world, model)
    mixed = scheduled_inputs(model, source, inputs, 0.5)
    memory = model.encode(source)
    step, _ = model.unroll(mixed, model.start(memory)[1], memory)
    own = best(model, step, memory)[:, :-1]
    assert bool(((mixed[:, 1:] == inputs[:, 1:]) | ((mixed[:, 1:] - own).abs() < 1e-4)).all())
    assert torch.equal(mixed[:, 0], inputs[:, 0])


class Parrot(torch.nn.Module):
    """Always writes item 7, with a probability of three quarters, or else 6."""

    def __init__(self) -> None:
        super().__init__()
        self.__dict__["head"] = self  # no part of itself

    def encode(self, source: None) -> None:
        assert not self.training

    def start(self, memory: None) -> tuple[None, None]:
        return None, None

    def step(self, last: Tensor, state: None, memory: None) -> tuple[Step, None]:
        assert not self.training
        return Step(last), None

    def log_probs(self, step: Step, memory: None) -> Tensor:
        return torch.tensor([0.0, 0.0, 0.0, 0.0, 0.25, 0.75]).log().expand(len(step.output), -1)

    def top_k(self, step: Step, n: int, memory: None) -> tuple[Tensor, Tensor]:
        return torch.full((len(step.output), n), 7), torch.zeros(len(step.output), n)

    def choose(self, step: Step, memory: None, *, drawn: bool) -> Tensor:
        return choose_symbol(self, step, memory, drawn=drawn)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_coin_for_each_token_comes_up_as_often_as_it_should(share: float) -> None:
    true = scheduled_inputs(Parrot(), None, torch.full((100, 201), 5), share)[:, 1:] == 5
    assert true.float().mean().item() == pytest.approx(share, abs=0.01)
    # Neither a row nor a column has one coin, and neighbours do not follow each other.
    for axis in (0, 1):
        shares = true.float().mean(axis)
        spread = math.sqrt(share * (1 - share) / true.shape[axis])
        assert (shares - share).abs().max() < 5 * spread and shares.std() > 0.5 * spread
    both = (true[:, 1:] & true[:, :-1]).float().mean().item()
    assert both == pytest.approx(share**2, abs=0.015)


def test_the_first_item_is_always_the_models_own_first() -> None:
    assert scheduled_inputs(Parrot(), None, torch.full((50, 3), 5), 0.0).tolist() == [[5, 7, 7]] * 50


def test_a_drawn_choice_follows_the_distribution() -> None:
    items = scheduled_inputs(Parrot(), None, torch.full((100, 101), 5), 0.0, drawn=True)[:, 1:]
    assert (items == 7).float().mean().item() == pytest.approx(0.75, abs=0.02)
    assert (items == 6).float().mean().item() == pytest.approx(0.25, abs=0.02)


def test_choosing_leaves_the_model_in_the_mode_in_which_it_was() -> None:
    for training in (True, False):
        parrot = Parrot().train(training)
        scheduled_inputs(parrot, None, torch.full((2, 3), 5), 0.5)
        assert parrot.training == training


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_every_weight_gets_its_gradient_in_bfloat16_too(share: float) -> None:
    model, batch = World("luong", "fed", {"input_feeding": True}).build().train(), examples()
    with torch.autocast("cpu", torch.bfloat16):
        loss = likelihood(model, batch.source, batch.target, 0.1, share)
    assert all(g is not None and torch.isfinite(g).all() for g in gradients(model, loss.smoothed))


def test_choices_do_not_depend_on_dropout_in_encoder_or_decoder() -> None:
    world = World("luong", "dropped", {"dropout": 0.5, "embedding_dropout": 0.5})
    model = world.build()
    source, inputs = begun(world, model.eval())
    expected = scheduled_inputs(model, source, inputs, 0.0)
    assert len(expected.unique()) > 3
    for _ in range(3):
        assert torch.equal(scheduled_inputs(model.train(), source, inputs, 0.0), expected)


def test_decays_are_the_formulas_of_the_paper() -> None:
    linear = TrainingConfig(decay="linear", decay_constant=0.9, decay_slope=0.01, decay_least=0.2)
    assert [decayed(linear, i) for i in (0, 10, 69, 70, 1000)] == pytest.approx([0.9, 0.8, 0.21, 0.2, 0.2])
    exponential = TrainingConfig(decay="exponential", decay_constant=0.5)
    assert [decayed(exponential, i) for i in (0, 1, 2, 10)] == [1, 0.5, 0.25, 2**-10]
    sigmoid = TrainingConfig(decay="inverse_sigmoid", decay_constant=10)
    expected = [10 / (10 + math.exp(i / 10)) for i in (0, 10, 23, 100)]
    assert [decayed(sigmoid, i) for i in (0, 10, 23, 100)] == pytest.approx(expected)


@pytest.mark.parametrize("decay", DECAYS)
def test_every_decay_starts_near_one_falls_and_stays_a_probability(decay: str) -> None:
    config = TrainingConfig(feeding="scheduled", decay=decay)
    shares = [teacher_forcing_ratio(config, update) for update in (0, 1000, 2000, 10**4, 10**6, 10**9)]
    assert shares[0] > 0.99 and shares[2] <= 0.5
    assert shares == sorted(shares, reverse=True) and all(0 <= share <= 1 for share in shares)


def test_teacher_forcing_ends_at_the_update_asked_for() -> None:
    free = TrainingConfig(feeding="free", teacher_until=100)
    assert [teacher_forcing_ratio(free, update) for update in (0, 99, 100, 1000)] == [1, 1, 0, 0]
    scheduled = TrainingConfig(feeding="scheduled", decay="exponential", decay_constant=0.5, teacher_until=100)
    assert [teacher_forcing_ratio(scheduled, update) for update in (0, 99, 100, 101, 102)] == [1, 1, 1, 0.5, 0.25]
    assert (
        teacher_forcing_ratio(TrainingConfig(), 10**6) == 1
        and teacher_forcing_ratio(TrainingConfig(feeding="free"), 0) == 0
    )


@pytest.mark.parametrize(
    "values",
    [
        {"teacher_until": 5},
        {"feeding": "scheduled", "decay": "exponential", "decay_constant": 1.0},
        {"feeding": "scheduled", "decay": "inverse_sigmoid", "decay_constant": 0.5},
        {"feeding": "scheduled", "decay": "linear", "decay_constant": 1.5},
        {"feeding": "sometimes"},
        {"decay_least": 1.0},
    ],
)
def test_settings_that_make_no_schedule_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(Mistake):
        validated(TrainingConfig, values, "training")
