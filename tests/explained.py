"""One source and one answer of a tiny model, as explanations get them."""

from __future__ import annotations

from unspool.explain.forced_answer import Explained, ForcedAnswer
from unspool.types import Sequences
from worlds import World


def explained(world: World, read: int = 4, write: int = 3) -> Explained:
    """Of a world: random items of these lengths."""
    written = 1 if world.labels and not world.aligned else read if world.aligned else write
    source, target = world.examples((read,), (written,))
    sides = (source.values, source.lengths, source.inner, source.copies)
    arrays = [None if side is None else side.numpy() for side in sides]
    settings = world.settings()
    return Explained(
        Sequences(*arrays),
        target.values[0].numpy(),
        continues=settings.continues,
        from_the_end=settings.reads_from_the_end,
    )


def forced(world: World, read: int = 4, write: int = 3) -> ForcedAnswer:
    """The same with a network and with names: capital letters are read, small ones are written."""
    given = explained(world, read, write)
    source = given.source
    count = int(source.lengths[0] if source.inner is None else source.inner.sum())
    read_names, written = ([chr(first + place) for place in range(many)] for first, many in
                           ((ord("A"), count), (ord("a"), len(given.answer))))  # fmt: skip
    return ForcedAnswer(world.build(), "".join(read_names), read_names, "".join(written), written, given)
