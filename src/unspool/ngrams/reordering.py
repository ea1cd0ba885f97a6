"""A beam's answers, and those of a joint n-gram model, ordered by both models.

A network and a joint n-gram model err differently: one reads the whole source, the other knows every letter group by
heart. Their combination is better than both (Rao, Peng, Sak, Beaufays 2015, "Grapheme-to-phoneme conversion using long
short-term memory recurrent neural networks", section 4.3). The answers T of a beam for a source S, and the answers that
the joint model would give itself, are ordered by

    log p(T | S) + λ · log p(S, T)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from unspool.config import DecodingConfig
from unspool.decoding.corpus import search_corpus
from unspool.decoding.hypothesis import Hypothesis
from unspool.ngrams.joint import LEFT_OUT, JointNgram
from unspool.types import Array, Sequences, Stepper

# Answers of the joint model for each source.
PROPOSED = 2


def candidates(joint: JointNgram | None, settings: DecodingConfig) -> DecodingConfig:
    """The settings of a search whose answers will be ordered anew, which gives all of its beam."""
    return settings.model_copy(update={"n_best": settings.beam}) if _orders(joint, settings) else settings


def propose(
    joint: JointNgram | None,
    stepper: Stepper,
    sources: Sequence[Any],
    found: list[list[Hypothesis]],
    settings: DecodingConfig,
    collate: Callable[[Sequence[Any]], Sequences[Array]],
) -> list[list[Hypothesis]]:
    """The hypotheses of each source with the joint model's likeliest answers, where the beam has not found them.

    The network gives each its score: a search that begins with the whole answer and has nothing left but to end.
    """
    if joint is None or not _orders(joint, settings):
        return found
    new = [
        (place, answer)
        for place, (source, known) in enumerate(zip(sources, found, strict=True))
        for answer in joint.answers(source, PROPOSED)
        if known and 0 < len(answer) < settings.max_length and all(one.items != answer for one in known)
    ]
    alone = settings.model_copy(update={"beam": 1, "n_best": 1})
    prefixes = [np.array(answer, np.int64) for _, answer in new]
    scored = search_corpus(stepper, [sources[place] for place, _ in new], alone, collate, prefixes=prefixes)
    more = [list(known) for known in found]
    for (place, answer), hypotheses in zip(new, scored, strict=True):
        more[place] += [one for one in hypotheses if one.finished and one.items == answer]
    return more


def best(
    joint: JointNgram | None, source: Sequence[int], found: list[Hypothesis], settings: DecodingConfig
) -> list[Hypothesis]:
    """The wanted number of hypotheses of one source, best first."""
    if joint is None or not _orders(joint, settings):
        return found
    return reorder(joint, source, found, settings.joint_weight)[: settings.n_best]


def _orders(joint: JointNgram | None, settings: DecodingConfig) -> bool:
    return joint is not None and settings.beam > 1 and settings.joint_weight > 0


def reorder(joint: JointNgram, source: Sequence[int], found: Sequence[Hypothesis], weight: float) -> list[Hypothesis]:
    """The hypotheses of one source, best first, each with its `joint_score`; unfinished ones stay last."""
    scored = [replace(one, joint_score=joint.log_prob(source, one.items)) for one in found]
    # What cannot be aligned is less likely than anything that can.
    least = LEFT_OUT * (len(source) + 1)

    def rank(one: Hypothesis) -> tuple[bool, float]:
        assert one.joint_score is not None
        return one.finished, one.score + weight * (one.joint_score if math.isfinite(one.joint_score) else least)

    return sorted(scored, key=rank, reverse=True)
