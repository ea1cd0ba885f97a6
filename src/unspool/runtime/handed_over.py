"""What the graphs of an export hand over from the encoder to the decoder, by the names of their leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping

from unspool.types import Array, HandedOver

STATES, SUMMARY = "memory.states", "memory.summary"
# A leaf of a stack's state: its layer, and 0 for the output, 1 for the cell of an LSTM.
LAYER = re.compile(r"state\.(\d+)\.0")


def handed_over_of(memory: Mapping[str, Array], state: Mapping[str, Array]) -> HandedOver:
    """From the leaves after the encoder's graph: the states that a step reads, else a summary, else the first state.

    A decoder that reads nothing of the source knows it from the state that it begins with: the last layer's output.
    """
    if STATES in memory:
        return HandedOver(states=memory[STATES])
    if SUMMARY in memory:
        return HandedOver(context=memory[SUMMARY])
    layers = {int(found[1]): name for name in state if (found := LAYER.fullmatch(name))}
    return HandedOver() if memory or not layers else HandedOver(context=state[layers[max(layers)]])
