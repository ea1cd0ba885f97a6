"""Searches one batch with the strategy of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.config import DecodingConfig
from unspool.decoding.beam import beam_search
from unspool.decoding.greedy import decode_greedy
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.no_repeat import NoRepeat
from unspool.decoding.sampling import decode_sample
from unspool.types import Array, Sequences, Stepper


def search(
    stepper: Stepper, source: Sequences[Array], settings: DecodingConfig, numbers: Sequence[int] | None = None
) -> list[list[Hypothesis]]:
    """The `settings.n_best` best hypotheses of each source, best first; a beam of 1 is greedy search.

    Samples are in the order of drawing. numbers: the sources' numbers, on which draws depend; default: 0, 1, …
    """
    if settings.no_repeat:
        stepper = NoRepeat(stepper, settings.no_repeat)
    if settings.sample:
        return decode_sample(stepper, source, settings, range(len(source.lengths)) if numbers is None else numbers)
    if settings.beam == 1:
        return [[hypothesis] for hypothesis in decode_greedy(stepper, source, settings.max_length)]
    return beam_search(
        stepper,
        source,
        beam=settings.beam,
        n_best=settings.n_best,
        max_length=settings.max_length,
        alpha=settings.length_penalty,
        beta=settings.coverage_penalty,
    )
