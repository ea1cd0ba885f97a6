"""A pass leaves nothing behind: not after its gradients, and not where nobody asked for any."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

from unspool.training.objectives import teacher_forcing
from worlds import World, every_world, leaves


@pytest.mark.parametrize("backward", [True, False], ids=["backward", "forward"])
@every_world
def test_the_memory_is_freed_with_the_loss(world: World, backward: bool) -> None:
    model, batch, seen = world.build().train(), world.examples(), []
    encode = model.encode

    def watched(source: Any) -> Any:
        memory = encode(source)
        seen.extend(weakref.ref(leaf) for leaf in leaves(memory) if leaf.grad_fn is not None)
        return memory

    model.encode = watched
    loss = teacher_forcing(model, batch.source, batch.target, smoothing=0.1).smoothed
    if backward:
        loss.backward()
    del loss
    assert seen
    assert all(reference() is None for reference in seen)
