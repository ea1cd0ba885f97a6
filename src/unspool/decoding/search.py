"""From settings to the answers to one batch."""

from __future__ import annotations

from unspool.config import DecodingConfig
from unspool.decoding.beam import beam_search
from unspool.decoding.greedy import greedy
from unspool.decoding.hypothesis import Hypothesis
from unspool.types import Array, Sequences, Stepper


def search(stepper: Stepper, source: Sequences[Array], settings: DecodingConfig) -> list[list[Hypothesis]]:
    """At most `settings.n_best` hypotheses of each source, best first; a beam of 1 is greedy search."""
    if settings.beam == 1:
        return [[hypothesis] for hypothesis in greedy(stepper, source, settings.max_length)]
    return beam_search(
        stepper,
        source,
        beam=settings.beam,
        n_best=settings.n_best,
        max_length=settings.max_length,
        alpha=settings.length_penalty,
    )
