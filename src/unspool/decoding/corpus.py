"""Search over any number of sources, batched by length, batches in parallel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from unspool.config import DecodingConfig
from unspool.decoding.automaton import SymbolAutomaton
from unspool.decoding.constraint import AnswerConstraint
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.parallel import map_batches
from unspool.decoding.prefix import PrefixConstraint
from unspool.decoding.search import search
from unspool.decoding.watching import Watch, Watched
from unspool.types import Array, Sequences, Stepper

# Batches for each thread, so that all threads finish at about the same time, and the least rows of such a batch.
FOR_EACH_THREAD, WORTH_A_THREAD = 4, 32


def search_corpus(
    stepper: Stepper,
    sources: Sequence[Any],
    settings: DecodingConfig,
    collate: Callable[[Sequence[Any]], Sequences[Array]],
    on_done: Callable[[int], object] | None = None,
    numbers: Sequence[int] | None = None,
    prefixes: Sequence[Array] | None = None,
    barred: Sequence[Array] | None = None,
    permitted: SymbolAutomaton | None = None,
    watch: Watch | None = None,
) -> list[list[Hypothesis]]:
    """Search any number of sources of any lengths; answers are in the order of the sources.

    Sources of similar length are searched together, the longest first, so that memory runs out at once or never.
    collate: makes one padded side of a batch from several sources
    on_done: called after each batch with the number of its sources
    numbers: numbers of the sources, on which the draws of sampling depend; default: 0, 1, …
    prefixes: ids that each source's answer begins with; default: none
    barred: the symbols that must not follow each prefix; default: none
    permitted: the permitted answers; default: all
    watch: who follows the search, by the places of the sources; one that is never wanted gets no hypotheses
    """
    answers: list[list[Hypothesis]] = [[] for _ in sources]

    def answer(stepper: Stepper, batch: list[int]) -> list[list[Hypothesis]]:
        if watch is None:
            return search_all(stepper, batch)
        wanted = [i for i in batch if watch.wants(i)]
        answered = search_all(Watched(stepper, watch, wanted), wanted) if wanted else []
        by_place = dict(zip(wanted, answered, strict=True))
        return [by_place.get(i, []) for i in batch]

    def search_all(stepper: Stepper, batch: list[int]) -> list[list[Hypothesis]]:
        known = batch if numbers is None else [numbers[i] for i in batch]
        if prefixes is not None:
            banned = barred and [barred[i] for i in batch]
            stepper = PrefixConstraint(stepper, [prefixes[i] for i in batch], banned)
        if permitted is not None:
            stepper = AnswerConstraint(stepper, permitted, settings.max_length)
        return search(stepper, collate([sources[i] for i in batch]), settings, known)

    _, threads = stepper.shared()
    batches = list(_batches([len(source) for source in sources], settings, threads))
    for batch, found in zip(batches, map_batches(stepper, batches, answer), strict=True):
        for i, hypotheses in zip(batch, found, strict=True):
            answers[i] = hypotheses
        if on_done is not None:
            on_done(len(batch))
    return answers


def _batches(lengths: list[int], settings: DecodingConfig, threads: int) -> Iterator[list[int]]:
    """Indices of the sources of each batch. With several threads there are several batches for each, if large enough.

    A beam reads every symbol of its source K times in each step, so a source counts K times, padded to the batch's
    longest, and so do K samples. An empty source counts as one symbol. A source over the budget is a batch of its own.
    """
    rows, shares = max(settings.beam, settings.n_best), 1 if threads == 1 else FOR_EACH_THREAD * threads
    share = max(-(-len(lengths) // shares), WORTH_A_THREAD // rows)
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    while order:
        fitting = settings.batch_symbols // (rows * max(1, lengths[order[0]]))
        size = max(1, min(fitting, share))
        yield order[:size]
        order = order[size:]
