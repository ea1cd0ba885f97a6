"""A network's parts: all of its weights are in them, and what each gives is told in letters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from unspool.explain.parts import LETTERS, Part, parts_of
from unspool.models.registry import MODELS, build, example_sizes, form_of, settings_of


@cache
def parts(name: str) -> list[Part]:
    return parts_of(build(name, settings_of(name, {}), example_sizes(name)), form_of(name))


def every(some: list[Part]) -> Iterator[Part]:
    for part in some:
        yield part
        yield from every(part.parts)


def weights(some: list[Part]) -> int:
    return sum(part.times * part.weights for part in some)


@pytest.mark.parametrize("name", MODELS)
def test_the_parts_hold_all_the_weights_that_the_registry_tells(name: str) -> None:
    assert weights(parts(name)) == MODELS[name].weights
    assert all(weights(part.parts) == part.weights for part in every(parts(name)) if part.parts)


@pytest.mark.parametrize("name", MODELS)
def test_every_part_gives_something_and_its_sizes_are_letters_or_widths(name: str) -> None:
    told = [size for part in every(parts(name)) for size in part.shape or ["nothing"]]
    assert "nothing" not in told and not {str(size) for size in LETTERS} & set(told)
    assert {part.shape[0][0] for part in every(parts(name))} == {"B"}


def test_parts_come_in_the_order_of_use_and_equal_ones_as_one() -> None:
    used = ["encoder", "bridge", "embedding", "decoder", "score", "combine", "head"]
    assert [part.name for part in parts("luong") if part.name in used] == used
    layers = {part.name: (part.times, part.shape) for part in parts("transformer")}
    assert layers["encoder 1 to 3"] == (3, ("B", "S", "256")) and layers["decoder 1 to 3"][0] == 3
