"""Every parameter says what it is."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from unspool.nn.embedding import embeddings_of
from unspool.nn.parameters import MARK, linear, mark_of
from worlds import World, plain_worlds


@plain_worlds
def test_every_matrix_of_every_model_is_marked_where_it_is_made(world: World) -> None:
    model = world.build()
    for name, parameter in model.named_parameters():
        assert parameter.dim() < 2 or hasattr(parameter, MARK), name
        assert (mark_of(parameter).role == "bias") == (parameter.dim() < 2), name


@plain_worlds
def test_embeddings_and_outputs_are_what_reads_and_what_writes(world: World) -> None:
    model = world.build()
    roles = {name: mark_of(parameter).role for name, parameter in model.named_parameters()}
    tables = {id(part.table.weight) for part in embeddings_of(model)}
    embedded = {name for name, parameter in model.named_parameters() if id(parameter) in tables}
    assert {name for name, role in roles.items() if role == "embedding"} == embedded
    written = {name for name, role in roles.items() if role == "output"}
    tied = world.values.get("tie_output", False)
    assert len(written) == (0 if tied else 1) and all("projection.weight" in name for name in written)


def test_what_is_not_marked_is_known_by_its_shape() -> None:
    assert mark_of(nn.LayerNorm(3).weight) == ("bias", 1.0, 1)
    assert mark_of(nn.Linear(2, 3).weight) == ("inside", 1.0, 1)


@pytest.mark.parametrize("bias", [True, False])
def test_a_marked_linear_map_is_the_librarys(bias: bool) -> None:
    torch.manual_seed(1)
    ours = linear(3, 4, bias=bias)
    torch.manual_seed(1)
    theirs = nn.Linear(3, 4, bias=bias)
    assert type(ours) is nn.Linear and torch.equal(ours.weight, theirs.weight)
    assert (ours.bias is None) == (theirs.bias is None)
