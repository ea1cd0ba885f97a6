"""What a parameter is: said where it is made, and asked by the optimizer."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeVar

from torch import Tensor, nn

P = TypeVar("P", bound=Tensor)

# embedding: a table of symbols' vectors
# output:    the matrix of the last layer, a row for each class
# inside:    the matrix of a linear map between layers
# vectors:   vectors side by side that are no linear map, such as peepholes
# bias:      what is added, and single numbers that scale; it never decays
Role = Literal["embedding", "output", "inside", "vectors", "bias"]

MARK = "unspool_mark"


class Mark(NamedTuple):
    """A parameter's role, and the share of the learning rate at which it learns."""

    role: Role
    rate: float = 1.0


def mark(parameter: P, role: Role, rate: float = 1.0) -> P:
    """The same parameter, which from now on says what it is."""
    setattr(parameter, MARK, Mark(role, rate))
    return parameter


def mark_of(parameter: Tensor) -> Mark:
    """What a parameter is. Without a mark (a library's layer) a matrix is inside, and everything else a bias."""
    known: Mark | None = getattr(parameter, MARK, None)
    return known or Mark("inside" if parameter.dim() > 1 else "bias")


def linear(inputs: int, outputs: int, role: Literal["inside", "output"] = "inside", *, bias: bool = True) -> nn.Linear:
    """A linear map whose parameters say what they are."""
    layer = nn.Linear(inputs, outputs, bias=bias)
    mark(layer.weight, role)
    if bias:
        mark(layer.bias, "bias")
    return layer


def embedding_table(symbols: int, size: int, *, padding: int, std: float, rate: float) -> nn.Embedding:
    """A table of vectors that starts from a normal distribution; the vector of padding is zero and learns nothing."""
    table = nn.Embedding(symbols, size, padding_idx=padding)
    mark(table.weight, "embedding", rate)
    nn.init.normal_(table.weight, std=std)
    nn.init.zeros_(table.weight.data[padding])
    return table


def vectors(rows: Tensor) -> nn.Parameter:
    """Vectors `[N, D]` that are no linear map."""
    return mark(nn.Parameter(rows), "vectors")


def bias(values: Tensor) -> nn.Parameter:
    """What is added, or a single number that scales."""
    return mark(nn.Parameter(values), "bias")
