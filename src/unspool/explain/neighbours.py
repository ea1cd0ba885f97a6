"""Which training pairs made the decoder's state most like that of each step of an answer.

The state is what the head reads: the vector from which the next symbol is predicted. Its nearest neighbours by the
cosine are places in training targets at which the network was in nearly the same situation, and what stands there is
what it has learned to write (Khandelwal et al. 2021, arXiv:2010.00710, who translate with them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from unspool.data.corpus import RawPair
from unspool.errors import Mistake
from unspool.explain.forced_answer import ForcedAnswer, forced_answer, network_of, target_tokens
from unspool.fields.field import Raw
from unspool.nn.stepper import to_torch
from unspool.predictor import Predictor
from unspool.types import Array, Seq2Seq, Sequences

# Neighbours of each step; pairs that are read at once.
NEAREST, TOGETHER = 3, 32
# What is sought in the network: the beginning of a sentence of `network_of`.
WANTED = "Neighbours are found by the states"


class Neighbour(NamedTuple):
    """A place in a target of the training data.

    tokens:     the target's symbols, its end included
    place:      which of them is predicted from that state
    similarity: the cosine of both states, -1 to 1
    line:       of the pair in its file
    """

    source: str
    tokens: list[str]
    place: int
    similarity: float
    line: int


class AnswerNeighbours(NamedTuple):
    """An answer, and the nearest places for each of its symbols, nearest first, each of another pair."""

    source: str
    text: str
    tokens: list[str]
    nearest: list[list[Neighbour]]

    def to_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        nearest = [
            [one._asdict() | {"similarity": round(one.similarity, 4)} for one in neighbours]
            for neighbours in self.nearest
        ]
        return {"source": self.source, "text": self.text, "tokens": self.tokens, "neighbours": nearest}


def find_neighbours(
    predictor: Predictor, sources: Sequence[Raw], pairs: Sequence[RawPair], on_done: Callable[[int], object]
) -> list[AnswerNeighbours]:
    """Of the network's own answers to some sources, among pairs of its training data.

    on_done: is told how many more pairs were read
    """
    network_of(predictor, WANTED)
    answers = [forced_answer(predictor, source) for source in sources]
    if not pairs:
        raise Mistake("There are no pairs to search.", "Give --among a file of training data.")
    queries = np.concatenate([_unit(_states(one)) for one in answers])
    similar, places = list[Array](), list[Array]()
    for begin in range(0, len(pairs), TOGETHER):
        some = pairs[begin : begin + TOGETHER]
        for states in _states_of(predictor, some):
            cosines = queries @ _unit(states).T
            similar.append(cosines.max(1))
            places.append(cosines.argmax(1))
        on_done(len(some))
    nearest = iter(_nearest(predictor, pairs, np.stack(similar, 1), np.stack(places, 1)))
    return [AnswerNeighbours(one.source, one.text, one.tokens, [next(nearest) for _ in one.tokens]) for one in answers]


def _nearest(
    predictor: Predictor, pairs: Sequence[RawPair], similar: Array, places: Array
) -> Iterator[list[Neighbour]]:
    """For each step, from the similarity of each pair `[steps, pairs]`, and its place in that pair."""
    for shares, here, order in zip(similar, places, np.argsort(-similar, axis=1, kind="stable"), strict=True):
        best = order[:NEAREST].tolist()
        yield [_neighbour(predictor, pairs[pair], int(here[pair]), float(shares[pair])) for pair in best]


def _states(forced: ForcedAnswer) -> Array:
    """`[T, D]` of one answer."""
    answer = forced.explained.answer
    return next(_unrolled(forced.model, forced.explained.source, Sequences(answer[None], np.array([len(answer)]))))


def _states_of(predictor: Predictor, pairs: Sequence[RawPair]) -> Iterator[Array]:
    """`[T, D]` of each pair's target."""
    items = [predictor.encode_pair(pair.source, pair.target) for pair in pairs]
    reads, writes = predictor.fields
    sources, targets = zip(*items, strict=True)
    return _unrolled(network_of(predictor), reads.collate(sources), writes.collate(targets))


@torch.no_grad()
def _unrolled(model: Seq2Seq, source: Sequences[Array], target: Sequences[Array]) -> Iterator[Array]:
    """What the head reads at each step of known targets, `[T, D]` each, without padding."""
    device = next(model.parameters()).device  # type: ignore[attr-defined]
    memory = model.encode(to_torch(source, device))
    first, state = model.start(memory)
    answer = torch.as_tensor(target.values, device=device)
    step, _ = model.unroll(torch.cat([first.unsqueeze(1).to(answer.dtype), answer[:, :-1]], 1), state, memory)
    outputs: Array = step.output.float().cpu().numpy()
    return (row[:length] for row, length in zip(outputs, target.lengths.tolist(), strict=True))


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Array = vectors / np.where(lengths > 0, lengths, 1.0)
    return scaled


def _neighbour(predictor: Predictor, pair: RawPair, place: int, similarity: float) -> Neighbour:
    read, written = predictor.encode_pair(pair.source, pair.target)
    source = predictor.fields.source.text_of(pair.source)
    return Neighbour(source, target_tokens(predictor, written, read), place, similarity, pair.line)
