"""A network whose entries can be changed: each item that it reads is scaled, and its gradient found.

Each row of a batch explains one answer, so that a single backward pass finds the gradients of many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from unspool.explain.forced_answer import Explained
from unspool.nn.embedding import Embedding
from unspool.nn.entries import PointEntry, ValueEntry
from unspool.nn.stepper import to_torch
from unspool.types import Array, Seq2Seq, Sequences, map_tree


class Influence(NamedTuple):
    """read: `[T, S]` of the source's items (of a document: of its words); written: `[T, T]` of the answers before."""

    read: Array
    written: Array


class ScaledNetwork:
    """A model that reads copies of one source, is fed copies of one answer, and whose entries can be changed.

    items: the vectors that the entries return for one copy: those of the source, then those that are fed
    """

    def __init__(self, model: Seq2Seq, explained: Explained) -> None:
        assert isinstance(model, nn.Module)
        self.model, self.explained = model, explained
        self.device = next(model.parameters()).device
        self.entries = [part for part in model.modules() if isinstance(part, Embedding | ValueEntry | PointEntry)]
        with torch.no_grad():
            self.uses = [use.shape[:-1].numel() for use in self.run(np.ones((1, 1))).vectors]
        self.items = sum(self.uses)

    def run(self, factors: Array) -> _Run:
        """Read and write with the vector of each item multiplied by its factor, `[R, items]`, one row for each copy."""
        run = _Run(factors)
        with self._entries_of(run):
            memory = self.model.encode(to_torch(_repeated(self.explained.source, len(factors)), self.device))
            first, state = self.model.start(memory)
            answer = self._copies(self.explained.answer, len(factors))
            inputs = torch.cat([first.unsqueeze(1).to(answer.dtype), answer[:, :-1]], 1)
            step, _ = self.model.unroll(inputs, state, memory)
        # The loss and not `log_prob`, which is not made for gradients.
        run.log_probs = -self.model.head.loss(step, answer, memory)[0]
        if self.explained.instead is not None:
            instead = self._copies(self.explained.instead, len(factors))
            run.log_probs = run.log_probs + self.model.head.loss(step, instead, memory)[0]
        return run

    def gradients(self, steps: Array, factors: Array) -> tuple[Array, Array]:
        """The items' vectors and gradients `[R, items, D]`; row r is about the answer of step `steps[r]`."""
        with torch.enable_grad():
            run = self.run(np.repeat(factors[None], len(steps), axis=0))
            total = run.log_probs[torch.arange(len(steps)), torch.as_tensor(steps)].sum()
            found = torch.autograd.grad(total, run.leaves, allow_unused=True, materialize_grads=True)
        return _side_by_side(run.vectors, len(steps)), _side_by_side(found, len(steps))

    @property
    def attributed(self) -> Array:
        """`[items]`: whether an item is of the source or was written before, and is no sign of a beginning or end."""
        found = np.zeros(self.items, dtype=bool)
        found[np.concatenate(self._places)] = True
        return found

    def split(self, columns: Array) -> Influence:
        """From `[T, items]`; what was written and is not read again, as a label, has no influence."""
        read, written = self._places
        again = np.zeros((len(columns), len(columns)))
        again[:, : len(written)] = columns[:, written]
        return Influence(columns[:, read], again)

    @property
    def _places(self) -> tuple[Array, Array]:
        """The numbers of the items of the source, and of the answers before."""
        source = self.explained.source
        encoded, steps = self.uses[0], len(self.explained.answer)
        if source.inner is not None:
            width = source.values.shape[2]
            real = np.arange(width) < source.inner[0][:, None]
            read = np.flatnonzero(real)
        else:  # a first item, then the source, of which the last item is fed
            read = np.arange(source.lengths[0]) + self.explained.continues
            read = read[::-1] if self.explained.from_the_end else read
        fed = steps - 1 if len(self.uses) > 1 else 0
        return read, encoded + 1 + np.arange(fed)

    @contextmanager
    def _entries_of(self, run: _Run) -> Iterator[None]:
        handles = [entry.register_forward_hook(run.take) for entry in self.entries]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _copies(self, items: Array, rows: int) -> Tensor:
        copies = torch.as_tensor(items, device=self.device)
        return copies.expand(rows, *copies.shape)


class _Run:
    """Takes the vectors of each use of an entry, and gives the network scaled ones instead.

    vectors, leaves: of each use, `[R, …, D]`, as the entry returned them and as the network got them
    """

    def __init__(self, factors: Array) -> None:
        self.factors = factors
        self.vectors, self.leaves = list[Tensor](), list[Tensor]()
        self.log_probs = torch.zeros(0)
        self._begin = 0

    def take(self, entry: nn.Module, inputs: object, output: Tensor) -> Tensor:
        """A forward hook."""
        vectors = output.detach()
        count = vectors.shape[:-1].numel() // len(self.factors)
        factors = self.factors[:, self._begin : self._begin + count] if self.factors.size > 1 else self.factors
        self._begin += count
        scale = torch.as_tensor(factors, dtype=vectors.dtype, device=vectors.device)
        scale = scale.expand(-1, count).reshape(*vectors.shape[:-1], 1)
        leaf = (vectors * scale).requires_grad_(torch.is_grad_enabled())
        self.vectors.append(vectors)
        self.leaves.append(leaf)
        return leaf


def _repeated(source: Sequences[Array], rows: int) -> Sequences[Array]:
    """A batch of one source as a batch of so many copies."""

    def repeat(side: Array) -> Array:
        return np.repeat(side, rows, axis=0)

    return Sequences(repeat(source.values), repeat(source.lengths), *map_tree(repeat, (source.inner, source.copies)))


def _side_by_side(uses: Sequence[Tensor], rows: int) -> Array:
    """`[R, items, D]`; narrower vectors have zeros after them."""
    flat = [use.detach().reshape(rows, -1, use.shape[-1]).double().cpu().numpy() for use in uses]
    widest = max(part.shape[-1] for part in flat)
    return np.concatenate([np.pad(part, ((0, 0), (0, 0), (0, widest - part.shape[-1]))) for part in flat], axis=1)
