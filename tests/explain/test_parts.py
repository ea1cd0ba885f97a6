"""A network's parts: all of its parameters are in them, and what each gives is told in letters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from unspool.config import resolve
from unspool.explain.parts import LETTERS, NetworkPart, parts_of
from unspool.fields.registry import field_class
from unspool.models.registry import build, entry_of, models
from unspool.tasks import example_dimensions


@cache
def parts(name: str) -> list[NetworkPart]:
    settings, dimensions = resolve({"model": {"name": name}}).model, example_dimensions(name)
    return parts_of(build(settings, dimensions), dimensions, field_class(entry_of(name).task.target).steps)


def every(some: list[NetworkPart]) -> Iterator[NetworkPart]:
    for part in some:
        yield part
        yield from every(part.parts)


def parameters(some: list[NetworkPart]) -> int:
    return sum(part.times * part.parameters for part in some)


@pytest.mark.parametrize("name", models())
def test_the_parts_hold_all_the_parameters_that_the_catalogue_tells(name: str) -> None:
    assert parameters(parts(name)) == entry_of(name).parameters
    assert all(parameters(part.parts) == part.parameters for part in every(parts(name)) if part.parts)


@pytest.mark.parametrize("name", models())
def test_every_part_gives_something_and_its_sizes_are_letters_or_widths(name: str) -> None:
    told = [size for part in every(parts(name)) for size in part.shape or ["nothing"]]
    assert "nothing" not in told and not {str(size) for size in LETTERS} & set(told)
    assert {part.shape[0][0] for part in every(parts(name))} == {"B"}


def test_parts_come_in_the_order_of_use_and_equal_ones_as_one() -> None:
    used = ["encoder", "bridge", "embedding", "decoder", "score", "combine", "head"]
    assert [part.name for part in parts("luong") if part.name in used] == used
    layers = {part.name: (part.times, part.shape) for part in parts("transformer")}
    assert layers["encoder 1 to 3"] == (3, ("B", "S", "256")) and layers["decoder 1 to 3"][0] == 3
