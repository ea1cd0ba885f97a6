"""The head of a network, chosen by its dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from unspool.nn.class_head import ClassHead
from unspool.nn.copying import CopyingHead
from unspool.nn.density_head import ProjectedDensity
from unspool.nn.entries import Entry, table_of
from unspool.nn.gaussian_head import GaussianHead
from unspool.nn.heads import CategoricalHead
from unspool.nn.ink_head import InkHead
from unspool.nn.mixture_head import MixtureHead
from unspool.nn.quantile_head import QuantileHead
from unspool.nn.student_t_head import StudentTHead
from unspool.types import CopyableSymbols, Dimension, Dimensions, Ink, Labels, Symbols, Values

AnyHead: TypeAlias = CategoricalHead | CopyingHead | ClassHead | ProjectedDensity


class Density(NamedTuple):
    """The density of a head over real values: a key of `DENSITIES`, and the components of a mixture, or of ink."""

    kind: str = "gaussian"
    components: int = 10


GAUSSIAN = Density()


def head_of(dimensions: Dimensions, size: int, tied_to: Entry | None = None, density: Density = GAUSSIAN) -> AnyHead:
    """A head over outputs `[..., size]`; if it is tied, its matrix is an entry's table.

    Symbols get a softmax, labels a softmax without reserved symbols, real values the density that is asked for, and ink
    its own. If the source can be copied, the head also copies.
    """
    return _HEADS[type(dimensions.target)](dimensions, size, tied_to, density)


def _symbols(dimensions: Any, size: int, tied_to: Entry | None, density: Density) -> AnyHead:
    head = CategoricalHead(size, dimensions.target.count, table_of(tied_to) if tied_to else None)
    return CopyingHead(head, size) if isinstance(dimensions.source, CopyableSymbols) else head


def _labels(dimensions: Any, size: int, tied_to: Entry | None, density: Density) -> AnyHead:
    return ClassHead(size, dimensions.target.count)


def _values(dimensions: Any, size: int, tied_to: Entry | None, density: Density) -> AnyHead:
    _refuse_tied(tied_to)
    return DENSITIES[density.kind](size, dimensions.target.features, density)


def _ink(dimensions: Any, size: int, tied_to: Entry | None, density: Density) -> AnyHead:
    _refuse_tied(tied_to)
    return InkHead(size, density.components)


def _refuse_tied(tied_to: Entry | None) -> None:
    """Refuse to tie a head of real values."""
    if tied_to:
        table_of(tied_to)


DENSITIES: dict[str, Callable[[int, int, Density], ProjectedDensity]] = {
    "gaussian": lambda size, features, density: GaussianHead(size, features),
    "student_t": lambda size, features, density: StudentTHead(size, features),
    "mixture": lambda size, features, density: MixtureHead(size, features, density.components),
    "quantiles": lambda size, features, density: QuantileHead(size, features),
}
_HEADS: dict[type[Dimension], Callable[[Any, int, Entry | None, Density], AnyHead]] = {
    Symbols: _symbols,
    Labels: _labels,
    Values: _values,
    Ink: _ink,
}
