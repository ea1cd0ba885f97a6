"""Encoders: what is read is what is real."""

from __future__ import annotations

import pytest
import torch

from unspool.nn.embedding import Embedding
from unspool.nn.encoders import EncoderOutput, RecurrentEncoder
from unspool.nn.stacks import LayerOptions, Stack, bidirectional_stack_of, stack_of
from worlds import SOURCE_SYMBOLS, assert_same, enlarged, examples, leaves, longer, member

STACKS = {
    "forward lstm": lambda: stack_of("lstm", 5, 6, 2, LayerOptions()),
    "forward gru": lambda: stack_of("gru", 5, 6, 2, LayerOptions(residual=True)),
    "both ways lstm": lambda: bidirectional_stack_of("lstm", 5, 6, 2, LayerOptions(layer_norm=True)),
    "both ways peepholes": lambda: bidirectional_stack_of("lstm_peepholes", 5, 6, 1, LayerOptions()),
}
every_stack = pytest.mark.parametrize("kind", STACKS)


def encoder_of(stack: Stack) -> RecurrentEncoder:
    encoder: RecurrentEncoder = enlarged(RecurrentEncoder(Embedding(SOURCE_SYMBOLS, 5), stack))
    return encoder


@every_stack
@torch.no_grad()
def test_final_states_are_read_at_the_last_real_item(kind: str) -> None:
    encoder, source = encoder_of(STACKS[kind]()), examples().source
    together: EncoderOutput = encoder(longer(source, 3, SOURCE_SYMBOLS - 1))
    for b, length in enumerate(source.lengths.tolist()):
        alone: EncoderOutput = encoder(member(source, b))
        assert_same(together.states[b, :length], alone.states[0])
        for leaf, other in zip(leaves(together.final), leaves(alone.final), strict=True):
            assert_same(leaf[b], other[0])


@torch.no_grad()
def test_last_output_of_each_direction_is_the_final_state() -> None:
    source = examples().source
    rows, last = torch.arange(4), source.lengths - 1
    ahead: EncoderOutput = encoder_of(STACKS["forward lstm"]())(source)
    assert_same(ahead.final[-1][0], ahead.states[rows, last])
    both: EncoderOutput = encoder_of(STACKS["both ways peepholes"]())(source)
    assert_same(both.final[-1][0], torch.cat([both.states[rows, last, :3], both.states[:, 0, 3:]], -1))


def test_mask_is_true_at_real_positions() -> None:
    reading: EncoderOutput = encoder_of(STACKS["forward gru"]())(examples((2, 0, 3)).source)
    assert reading.mask.tolist() == [[True, True, False], [False] * 3, [True] * 3]
