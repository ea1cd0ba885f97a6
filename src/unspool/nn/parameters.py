"""The role of each parameter, which is set where the parameter is created and read by the optimizer."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeVar

from torch import Tensor, nn

P = TypeVar("P", bound=Tensor)

# embedding: a table of symbols' vectors
# output:    the matrix of the last layer, with a row for each class
# inside:    the matrix of a linear map between layers
# vectors:   rows of vectors that are not a linear map, such as peepholes
# bias:      added vectors, and single numbers that scale; no weight decay
Role = Literal["embedding", "output", "inside", "vectors", "bias"]

MARK = "unspool_mark"


class Mark(NamedTuple):
    """A parameter's role, its factor of the learning rate, and how many maps are stored in it, one below another."""

    role: Role
    rate: float = 1.0
    maps: int = 1


def mark(parameter: P, role: Role, rate: float = 1.0, maps: int = 1) -> P:
    """Set the role of a parameter; returns the parameter."""
    setattr(parameter, MARK, Mark(role, rate, maps))
    return parameter


def mark_of(parameter: Tensor) -> Mark:
    """The role of a parameter. Without a mark (as in PyTorch's layers) a matrix is inside, all else is a bias."""
    known: Mark | None = getattr(parameter, MARK, None)
    return known or Mark("inside" if parameter.dim() > 1 else "bias")


def linear(
    inputs: int, outputs: int, role: Literal["inside", "output"] = "inside", *, bias: bool = True, maps: int = 1
) -> nn.Linear:
    """A linear map with marked parameters; maps: independent maps of the same inputs that are stored as one."""
    layer = nn.Linear(inputs, outputs, bias=bias)
    mark(layer.weight, role, maps=maps)
    if bias:
        mark(layer.bias, "bias")
    return layer


def embedding_table(symbols: int, size: int, *, padding: int, std: float, rate: float) -> nn.Embedding:
    """A table of vectors with a normal random start; the vector of padding is zero and is not trained."""
    table = nn.Embedding(symbols, size, padding_idx=padding)
    mark(table.weight, "embedding", rate)
    nn.init.normal_(table.weight, std=std)
    nn.init.zeros_(table.weight.data[padding])
    return table


def vectors(rows: Tensor) -> nn.Parameter:
    """Vectors `[N, D]` that are not a linear map."""
    return mark(nn.Parameter(rows), "vectors")


def bias(values: Tensor) -> nn.Parameter:
    """An added vector, or a single number that scales."""
    return mark(nn.Parameter(values), "bias")
