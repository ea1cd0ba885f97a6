"""The joint n-gram model alone, as a rival: see `ngrams.joint`."""

from __future__ import annotations

from unspool.fields.field import Raw
from unspool.ngrams.joint import JointNgram
from unspool.rivals.rival import KnownPairs, Rival


def fit(known: KnownPairs) -> Rival:
    """Align the training pairs, and count."""
    source, target = known.fields
    joint = JointNgram.fit(known.sources, known.targets)

    def answer(raw: Raw) -> str:
        return target.decode(joint.answer(source.encode(raw).tolist())).text

    return Rival(joint.model.size, answer)
