"""The nouns that travel between the rooms, and the protocols that the rooms agree on.

Letters, the same in every docstring and comment:

    B batch    S source length    T target length    K beam    R rows = B·K (row r reads memory r // K)
    N×W sentences × words    D width    V vocabulary    H heads    L layers
    F features of a real-valued item    M mixture components

A *tree* is an array, None, or a tuple (named or plain) of trees. `Memory` and `State` are trees that search carries
around without looking inside: the first axis of a memory's leaves is B, of a state's leaves R.
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

# Reserved ids, the same in every vocabulary. PAD and BOS are never emitted, so a head's first class is UNK.
PAD, BOS, UNK, EOS = 0, 1, 2, 3
SPECIALS = ("<pad>", "<s>", "<unk>", "</s>")
FIRST_EMITTED = UNK
# Of a vocabulary of labels none of the reserved ids is ever the answer.
FIRST_LABEL = len(SPECIALS)


@dataclass(frozen=True, slots=True)
class Sequences(Generic[A]):
    """One side of a batch, in NumPy or in PyTorch.

    values:  ids `[B, S]`, nested ids `[B, N, W]`, or real values `[B, S, F]`; zero beyond the lengths
    lengths: `[B]` items of each sequence (sentences, where ids are nested)
    inner:   `[B, N]` words of each sentence, where ids are nested; otherwise None
    copies:  for copying, a source's ids in the target vocabulary, unknown types numbered V, V+1, … per example
    """

    values: A
    lengths: A
    inner: A | None = None
    copies: A | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples made ready for a model: the only thing that data hands on.

    source: what is read
    target: what is to be written, its EOS included (lengths count it); None when there is nothing to learn from
    index:  `[B]` which examples of the corpus these are
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
    """Ids below `count`, of which no reserved one is ever an answer."""

    count: int


@dataclass(frozen=True, slots=True)
class Values:
    """Items of `features` real values."""

    features: int


Dimension: TypeAlias = Symbols | Sentences | CopyableSymbols | Labels | Values


class Dimensions(NamedTuple):
    """What a network must know of its two sides."""

    source: Dimension
    target: Dimension


class Task(NamedTuple):
    """What a model reads and writes, by kinds of field (`fields.registry.FIELDS`)."""

    source: str
    target: str


class Step(NamedTuple):
    """What one step of a decoder says; after `unroll` every leaf has a T axis behind the first.

    output:    `[R, D]` what the head reads
    attention: `[R, S]` weights over the source (a tree where there are several), or None
    done:      `[R]` True where the model itself says that it has finished, or None: EOS and length decide
    """

    output: Any
    attention: Tree = None
    done: Any = None


class Distribution(Protocol):
    """What the parameters `[..., P]` of a density over items of F real values mean; NumPy, the same for both engines.

    name: what a manifest calls it
    """

    name: str

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """Log-density of values `[..., F]` in nats, `[...]`."""
        ...

    def count_uniforms(self, size: int) -> int:
        """How many uniform numbers one sample takes, where there are P = `size` parameters."""
        ...

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0) -> Array:
        """Values `[..., F]` from uniform numbers `[..., U]` in [0, 1); below temperature 1 nearer to the likely."""
        ...

    def mode(self, parameters: Array) -> Array:
        """The likeliest values, `[..., F]`."""
        ...

    def quantile(self, parameters: Array, q: float) -> Array:
        """What each feature stays below with probability q, `[..., F]`."""
        ...


class Head(Protocol):
    """Owns the output projection and turns a step into a distribution over what comes next.

    distribution: what its parameters mean, where it writes real values (`DensityHead`); None: it writes symbols
                  (`SymbolHead`)
    """

    distribution: Distribution | None

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Negative log-likelihood of each target in nats, smoothed if asked, and without smoothing or gradient.

        Both of the shape of `targets`, without the axis of features where targets are real values.
        """
        ...

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-probability of each target in nats, never smoothed, -inf of what cannot be written; shaped as losses."""
        ...

    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """The item that each row would write, `[R]` or `[R, F]`: the best one, or one drawn with its probability."""
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
        """What `distribution` reads, `[..., P]` in float32."""
        ...


class Seq2Seq(Protocol):
    """A model, as everything that trains or generates sees it: it encodes, starts, and steps or unrolls."""

    head: Head

    def encode(self, source: Sequences[Tensor]) -> Memory:
        """Read the source once."""
        ...

    def start(self, memory: Memory) -> tuple[Tensor, State]:
        """The first item to feed, `[B]` (`[B, F]` of real values), and the state before it; rows are B."""
        ...

    def step(self, last: Tensor, state: State, memory: Memory) -> tuple[Step, State]:
        """Feed the last items, `[R]` or `[R, F]`; row r reads memory r // (R / B)."""
        ...

    def unroll(self, inputs: Tensor, state: State, memory: Memory) -> tuple[Step, State]:
        """Feed inputs `[B, T]` known in advance. Law: equals T calls of `step`."""
        ...


class Question(NamedTuple):
    """What generation asks of one step, in any combination; nothing else is computed.

    top_k:       how many of the best continuations of each row; of symbols only
    log_prob_of: `[R]` one item for each row whose log-probability is asked for; `[R, F]` of real values
    everything:  whether the whole distribution is asked for
    """

    top_k: int | None = None
    log_prob_of: Array | None = None
    everything: bool = False


class StepAnswer(NamedTuple):
    """What a step answers, in NumPy; None where it was not asked.

    items:      `[R, n]` the best continuations, best first; n is `top_k`, or fewer where there are not so many
    log_probs:  `[R, n]` theirs in nats; -inf of what cannot be written
    log_prob:   `[R]` of the given items in nats; -inf of what cannot be written
    everything: `[R, C]` log-probabilities of all classes in nats (class c is the item `FIRST_EMITTED` + c), or
                `[R, P]` what a density's `distribution` reads
    attention:  `[R, S]`, a tree where there are several, or None
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
        """Items and log-probabilities of the best continuations, which were asked for."""
        assert self.items is not None and self.log_probs is not None
        return self.items, self.log_probs

    @property
    def given(self) -> Array:
        """The log-probabilities of the given items, which were asked for."""
        assert self.log_prob is not None
        return self.log_prob

    @property
    def whole(self) -> Array:
        """The whole distribution, which was asked for."""
        assert self.everything is not None
        return self.everything


Cursor: TypeAlias = Any


class Stepper(Protocol):
    """What search asks for continuations: a network in PyTorch or an exported one. A cursor is opaque and immutable.

    distribution: what the parameters of a density mean, where real values are written; None: symbols are
    """

    @property
    def distribution(self) -> Distribution | None:
        """See the class."""
        ...

    def open(self, source: Sequences[Array]) -> Cursor:
        """Encode a batch and start it: one row for each source."""
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
        """A stepper of the same answers, and how many threads may ask it at once; itself and 1 where only one may."""
        ...


def map_tree(function: Callable[[Any], Any], tree: Tree) -> Tree:
    """Apply `function` to every leaf of a tree; None stays None."""
    if tree is None:
        return None
    if isinstance(tree, tuple):
        leaves = [map_tree(function, leaf) for leaf in tree]
        return type(tree)(*leaves) if hasattr(tree, "_fields") else tuple(leaves)
    return function(tree)
