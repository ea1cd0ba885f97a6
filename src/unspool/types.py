"""The types that packages exchange, and the protocols that they share.

Letters, the same in every docstring and comment:

    B batch    S source length    T target length    K beam    R rows = B·K (row r reads memory r // K)
    N×W sentences × words    D width    V vocabulary    H heads    L layers
    F features of a real-valued item    M mixture components

A *tree* is an array, None, or a tuple (named or plain) of trees. `Memory` and `State` are trees that search carries
around without looking inside. The first axis of a memory's leaves is B, that of a state's leaves is R.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar, runtime_checkable

import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

A = TypeVar("A")

Array: TypeAlias = npt.NDArray[Any]
Tree: TypeAlias = Any
Memory: TypeAlias = Tree
State: TypeAlias = Tree

# Reserved ids, the same in every vocabulary. PAD and BOS are never generated, so a head's first class is UNK.
PAD, BOS, UNK, EOS = 0, 1, 2, 3
SPECIALS = ("<pad>", "<s>", "<unk>", "</s>")
FIRST_EMITTED = UNK
# In a vocabulary of labels no reserved id is ever the answer.
FIRST_LABEL = len(SPECIALS)


@dataclass(frozen=True, slots=True)
class Sequences(Generic[A]):
    """One side of a batch, in NumPy or in PyTorch.

    values:  ids `[B, S]`, nested ids `[B, N, W]`, or real values `[B, S, F]`; zero after the end of each sequence
    lengths: `[B]` items of each sequence (sentences if ids are nested)
    inner:   `[B, N]` words of each sentence if ids are nested; otherwise None
    copies:  for copying, the source's ids in the target vocabulary; in each example unknown types are V, V+1, …
    """

    values: A
    lengths: A
    inner: A | None = None
    copies: A | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded examples for a model.

    source: the sources
    target: the targets, EOS included (lengths count it); None if there are no targets
    index:  `[B]` the examples' numbers in the corpus
    """

    source: Sequences[Array]
    target: Sequences[Array] | None
    index: Array


@dataclass(frozen=True, slots=True)
class Symbols:
    """Ids below `count`, the reserved ones included."""

    count: int


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences of symbols: nested ids below `count`."""

    count: int


@dataclass(frozen=True, slots=True)
class CopyableSymbols:
    """Symbols that can be copied: ids below `count`, and the same in the target's vocabulary."""

    count: int


@dataclass(frozen=True, slots=True)
class Labels:
    """Ids below `count`; a reserved id is never an answer."""

    count: int


@dataclass(frozen=True, slots=True)
class Values:
    """Items of `features` real values."""

    features: int


@dataclass(frozen=True, slots=True)
class Ink:
    """Points of a pen: dx, dy, and what the pen does after the point, see `fields.ink`."""

    features: int = 3


Dimension: TypeAlias = Symbols | Sentences | CopyableSymbols | Labels | Values | Ink


class Dimensions(NamedTuple):
    """What a network must know about its source and target."""

    source: Dimension
    target: Dimension


class Task(NamedTuple):
    """What a model reads and writes, by kinds of field (`fields.registry.FIELDS`)."""

    source: str
    target: str


class Step(NamedTuple):
    """What one step of a decoder returns; after `unroll` every leaf has a T axis after the first.

    output:    `[R, D]` the head's input
    attention: `[R, S]` weights over the source (a tree if there are several attentions), or None
    done:      `[R]` True if the model has finished a row, or None: then only EOS and the length decide
    """

    output: Any
    attention: Tree = None
    done: Any = None


class Distribution(Protocol):
    """A density over items of F real values with parameters `[..., P]`; NumPy, the same for both engines.

    name:   its name in a manifest
    ending: the value of an item's last feature with which an answer ends; None if answers have no end
    """

    name: str
    ending: float | None

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """Log-density of values `[..., F]` in nats, `[...]`."""
        ...

    def count_uniforms(self, size: int) -> int:
        """The number U of uniform numbers that one sample takes, with P = `size` parameters."""
        ...

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0, bias: float = 0.0) -> Array:
        """Values `[..., F]` from uniform numbers `[..., U]` in [0, 1).

        A temperature below 1 favours likely values, and so does a bias above 0, which makes each scale exp(-bias) times
        as large.
        """
        ...

    def mode(self, parameters: Array) -> Array:
        """The likeliest values, `[..., F]`; medians where a density has only quantiles."""
        ...

    def quantile(self, parameters: Array, q: float) -> Array:
        """The q-quantile of each feature, `[..., F]`."""
        ...


class Head(Protocol):
    """Holds the output projection and turns a step into a distribution over the next item.

    distribution: the density of a head over real values (`DensityHead`); None for a head over symbols (`SymbolHead`)
    """

    distribution: Distribution | None

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Negative log-likelihood of each target in nats: with label smoothing, and without smoothing and gradient.

        Both have the shape of `targets`, without the axis of features if targets are real values.
        """
        ...

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-probability of each target in nats, never smoothed, -inf for impossible targets; shaped as losses."""
        ...

    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """The next item of each row, `[R]` or `[R, F]`: the most probable one, or one drawn from the distribution."""
        ...


@runtime_checkable
class SymbolHead(Head, Protocol):
    """A head over symbols."""

    def top_k(self, step: Step, k: int, memory: Memory) -> tuple[Tensor, Tensor]:
        """The k best continuations of each row, best first: items `[R, k]`, log-probabilities `[R, k]`."""
        ...

    def log_probs(self, step: Step, memory: Memory) -> Tensor:
        """Log-probability of every class in nats, `[R, C]`; class c is the item `FIRST_EMITTED` + c."""
        ...


@runtime_checkable
class DensityHead(Head, Protocol):
    """A head over real values."""

    def density_parameters(self, step: Step, memory: Memory) -> Tensor:
        """The parameters of `distribution`, `[..., P]` in float32."""
        ...


class Seq2Seq(Protocol):
    """The interface of a model in training and generation: encode, start, and step or unroll."""

    head: Head

    def encode(self, source: Sequences[Tensor]) -> Memory:
        """Read the source once."""
        ...

    def start(self, memory: Memory) -> tuple[Tensor, State]:
        """The first item to feed, `[B]` (`[B, F]` for real values), and the state before it, with B rows."""
        ...

    def step(self, last: Tensor, state: State, memory: Memory) -> tuple[Step, State]:
        """Feed the last items, `[R]` or `[R, F]`; row r reads memory r // (R / B)."""
        ...

    def unroll(self, inputs: Tensor, state: State, memory: Memory) -> tuple[Step, State]:
        """Feed inputs `[B, T]` that are known in advance. The result equals T calls of `step`."""
        ...


class Question(NamedTuple):
    """What generation needs from one step, in any combination; nothing else is computed.

    top_k:       the number of best continuations of each row; for symbols only
    log_prob_of: `[R]` the item of each row whose log-probability is needed; `[R, F]` for real values
    everything:  whether the whole distribution is needed
    """

    top_k: int | None = None
    log_prob_of: Array | None = None
    everything: bool = False


class StepAnswer(NamedTuple):
    """The answer of a step to a `Question`, in NumPy; None for what was not requested.

    items:      `[R, n]` the best continuations, best first; n is `top_k`, or the number of classes if that is smaller
    log_probs:  `[R, n]` their log-probabilities in nats; -inf for impossible items
    log_prob:   `[R]` log-probabilities of the given items in nats; -inf for impossible items
    everything: `[R, C]` log-probabilities of all classes in nats (class c is the item `FIRST_EMITTED` + c), or
                `[R, P]` the parameters of a density
    attention:  `[R, S]`, a tree if there are several attentions, or None
    done:       `[R]` bool or None
    """

    items: Array | None = None
    log_probs: Array | None = None
    log_prob: Array | None = None
    everything: Array | None = None
    attention: Tree = None
    done: Array | None = None

    @property
    def best(self) -> tuple[Array, Array]:
        """Items and log-probabilities of the best continuations; they must have been requested."""
        assert self.items is not None and self.log_probs is not None
        return self.items, self.log_probs

    @property
    def given(self) -> Array:
        """The log-probabilities of the given items; they must have been requested."""
        assert self.log_prob is not None
        return self.log_prob

    @property
    def whole(self) -> Array:
        """The whole distribution; it must have been requested."""
        assert self.everything is not None
        return self.everything


Cursor: TypeAlias = Any


class Stepper(Protocol):
    """Computes the steps of a search, with a network in PyTorch or an exported one. A cursor is opaque and immutable.

    distribution: the density if the model generates real values; None if it generates symbols
    """

    @property
    def distribution(self) -> Distribution | None:
        """See the class."""
        ...

    def open(self, source: Sequences[Array]) -> Cursor:
        """Encode a batch and start decoding, with one row for each source."""
        ...

    def step(self, cursor: Cursor, question: Question) -> tuple[StepAnswer, Cursor]:
        """Feed each row's last item; the answer to the question, and the cursor after it."""
        ...

    def select(self, cursor: Cursor, memories: Array, rows: Array, items: Array) -> Cursor:
        """Keep only these memories (indices into B) and rows (indices into R), and feed `items` next.

        Afterwards row r reads memory r // (len(rows) / len(memories)); both index arrays may repeat and reorder.
        """
        ...

    def shared(self) -> tuple[Stepper, int]:
        """A stepper with the same results, and how many threads may use it at once; itself and 1 if only one may."""
        ...


@runtime_checkable
class ReadingStepper(Stepper, Protocol):
    """A stepper that may answer a source in pieces, one after another, and keep no more than a state between them."""

    @property
    def reads_on(self) -> bool:
        """Whether its model can: one that writes an answer for each item, and has seen only the items before it."""
        ...

    def read_on(self, source: Sequences[Array], cursor: Cursor | None, question: Question) -> tuple[StepAnswer, Cursor]:
        """The answers to all S items of the next piece, a batch of one, with a row for each; None: the first piece."""
        ...


@runtime_checkable
class AttendingStepper(Stepper, Protocol):
    """A stepper whose model sees of its attention only the context, the weighted mean of values."""

    def values(self, cursor: Cursor) -> Array | None:
        """The values `[B, S, C]`; None if the model has no attention, several, or uses the weights otherwise, too."""
        ...

    def with_values(self, cursor: Cursor, values: Array) -> Cursor:
        """The same over other values `[B, S, C]`; the keys, and so the weights, stay."""
        ...


class HandedOver(NamedTuple):
    """What a decoder gets of an encoder, in NumPy; None for what a model has not, or what is no vector a position.

    states:  `[B, S, C]` the encoder's output at each position, over which attention takes its mean
    context: `[B, D]` the one vector that stands for the whole source
    """

    states: Array | None = None
    context: Array | None = None


@runtime_checkable
class EncodingStepper(Stepper, Protocol):
    """A stepper that shows what its encoder hands over."""

    def handed_over(self, cursor: Cursor) -> HandedOver:
        """What stands in a cursor that `open` has returned."""
        ...


def map_tree(function: Callable[[Any], Any], tree: Tree) -> Tree:
    """Apply `function` to every leaf of a tree; None stays None."""
    if tree is None:
        return None
    if isinstance(tree, tuple):
        leaves = [map_tree(function, leaf) for leaf in tree]
        return type(tree)(*leaves) if hasattr(tree, "_fields") else tuple(leaves)
    return function(tree)
