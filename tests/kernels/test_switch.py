"""The one switch: the environment, the context, and what is prepared for gradients."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from unspool.errors import Mistake
from unspool.kernels.switch import fused, is_plain, plain_kernels
from worlds import World, assert_same, plain_worlds


def test_fused_is_for_inputs_that_require_a_gradient() -> None:
    x, learned = torch.zeros(2), torch.zeros(2, requires_grad=True)
    assert fused(x, learned) and not fused(x)
    with torch.inference_mode():
        assert not fused(2 * learned)


def test_the_context_makes_kernels_plain_and_ends() -> None:
    learned = torch.zeros(2, requires_grad=True)
    with plain_kernels(), plain_kernels():
        assert is_plain() and not fused(learned)
    assert not is_plain()


def test_the_context_is_of_one_thread() -> None:
    with plain_kernels(), ThreadPoolExecutor(1) as pool:
        assert not pool.submit(is_plain).result()


def test_the_environment_says_which_form_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNSPOOL_KERNELS", "plain")
    assert is_plain()
    monkeypatch.setenv("UNSPOOL_KERNELS", "fused")
    assert not is_plain()
    monkeypatch.setenv("UNSPOOL_KERNELS", "fast")
    with pytest.raises(Mistake, match="UNSPOOL_KERNELS is 'fast'"):
        is_plain()


@plain_worlds
def test_answers_are_the_same_in_either_form(world: World) -> None:
    model, source = world.build(), world.examples().source
    with torch.inference_mode():
        memory = model.encode(source)
        with plain_kernels():
            # Where the source is padded, the states of the two forms differ, and nothing reads them.
            plain = model.encode(source)
        for read in (memory, plain):
            first, state = model.start(read)
            step, _ = model.step(first, state, read)
            with plain_kernels():
                again, _ = model.step(first, state, read)
            assert_same(step.output, again.output)
        assert_same(
            model.step(*model.start(memory), memory)[0].output, model.step(*model.start(plain), plain)[0].output
        )
