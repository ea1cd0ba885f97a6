"""Search over any number of sources, batched by length, batches side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from unspool.config import DecodingConfig
from unspool.decoding.forced import Forced
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.search import search
from unspool.decoding.side_by_side import side_by_side
from unspool.types import Array, Source, Stepper, pad_sources


def search_corpus(
    stepper: Stepper,
    sources: Sequence[Source],
    settings: DecodingConfig,
    on_done: Callable[[int], object] | None = None,
    numbers: Sequence[int] | None = None,
    prefixes: Sequence[Array] | None = None,
) -> list[list[Hypothesis]]:
    """Search ragged sources, any number of them, ids `[S]` or documents; answers come in the order of the sources.

    Sources of like length are searched together, the longest first, so that memory runs out at once or never.
    on_done: called after each batch with the number of sources in it
    numbers: of the sources, which the draws of sampling belong to; default 0, 1, …
    prefixes: ids that each source's answer begins with; default: every answer is free
    """
    answers: list[list[Hypothesis]] = [[] for _ in sources]

    def answered(stepper: Stepper, batch: list[int]) -> list[list[Hypothesis]]:
        known = batch if numbers is None else [numbers[i] for i in batch]
        led = stepper if prefixes is None else Forced(stepper, [prefixes[i] for i in batch])
        return search(led, pad_sources([sources[i] for i in batch]), settings, known)

    batches = list(_batches([len(source) for source in sources], settings))
    for batch, found in zip(batches, side_by_side(stepper, batches, answered), strict=True):
        for i, hypotheses in zip(batch, found, strict=True):
            answers[i] = hypotheses
        if on_done is not None:
            on_done(len(batch))
    return answers


def _batches(lengths: list[int], settings: DecodingConfig) -> Iterator[list[int]]:
    """Indices of the sources of each batch.

    A beam reads every symbol of its source K times a step, so a source counts K times, padded to the batch's longest,
    and so do K samples; an empty one counts as one symbol. A source over the budget is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    while order:
        size = max(1, settings.batch_symbols // (max(settings.beam, settings.n_best) * max(1, lengths[order[0]])))
        yield order[:size]
        order = order[size:]
