"""Bridges: everything crosses, and every sentence stays one row."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from unspool.nn.bridges import BackwardBridge, Bridge, Copy
from unspool.nn.stacks import LayerOptions, Stack, bidirectional_stack_of, stack_of
from variants import CELL_NAMES
from worlds import assert_same, enlarged, leaves

BARE = LayerOptions()
ENCODERS = {
    **{kind: lambda kind=kind: stack_of(kind, 5, 4, 2, BARE) for kind in CELL_NAMES},
    **{f"{kind} both ways": lambda kind=kind: bidirectional_stack_of(kind, 5, 6, 2, BARE) for kind in CELL_NAMES},
}


def state_of(stack: Stack, rows: int = 2) -> Any:
    generator = torch.Generator().manual_seed(7)
    drawn = [[torch.randn(c.shape, generator=generator) for c in layer] for layer in stack.initial(rows)]
    return tuple(tuple(layer) for layer in drawn)


def shapes(state: Any) -> list[torch.Size]:
    return [leaf.shape for leaf in leaves(state)]


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_bridge_gives_what_the_decoder_starts_from(encoder: str, kind: str, layers: int) -> None:
    below, above = ENCODERS[encoder](), stack_of(kind, 5, 4, layers, BARE)
    assert shapes(Bridge(below, above)(state_of(below))) == shapes(above.initial(2))


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_every_number_of_every_component_crosses(encoder: str, kind: str) -> None:
    below, above = ENCODERS[encoder](), stack_of(kind, 5, 4, 2, BARE)
    bridge = enlarged(Bridge(below, above))
    final = tuple(tuple(c.requires_grad_() for c in layer) for layer in state_of(below))
    first = bridge(final)
    sum(((n + 1) * leaf).sum() for n, leaf in enumerate(leaves(first))).backward()
    assert all(leaf.grad is not None and leaf.grad.ne(0).all() for leaf in leaves(final))


def layers_that_matter(bridge: Bridge, final: Any) -> list[list[int]]:
    """For each layer of the decoder, the layers of the encoder that it starts from."""
    expected, found = bridge(final), []
    for depth in range(len(expected)):
        changed = [bridge((*final[:n], tuple(c + 1 for c in final[n]), *final[n + 1 :])) for n in range(len(final))]
        found.append([n for n, other in enumerate(changed) if not torch.equal(other[depth][0], expected[depth][0])])
    return found


@pytest.mark.parametrize(
    ("encoder_layers", "decoder_layers", "expected"),
    [(2, 2, [[0], [1]]), (1, 3, [[0], [0], [0]]), (2, 3, [[0], [1], [1]]), (3, 1, [[2]]), (3, 2, [[1], [2]])],
)
def test_layers_meet_by_depth_and_the_topmost_always_crosses(
    encoder_layers: int, decoder_layers: int, expected: list[list[int]]
) -> None:
    below, above = stack_of("gru", 5, 4, encoder_layers, BARE), stack_of("lstm", 5, 6, decoder_layers, BARE)
    assert layers_that_matter(enlarged(Bridge(below, above)), state_of(below)) == expected


def test_a_state_that_fits_is_handed_over_as_it_is() -> None:
    below, above = stack_of("lstm", 5, 4, 2, BARE), stack_of("lstm_peepholes", 3, 4, 2, BARE)
    bridge, final = Bridge(below, above), state_of(below)
    assert all(isinstance(crossing, Copy) for crossing in bridge.crossings)
    assert_same(bridge(final), final, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("below", "above"),
    [
        (stack_of("lstm", 5, 4, 1, BARE), stack_of("lstm", 5, 6, 1, BARE)),
        (stack_of("lstm", 5, 4, 1, BARE), stack_of("gru", 5, 4, 1, BARE)),
        (bidirectional_stack_of("lstm", 5, 4, 1, BARE), stack_of("lstm", 5, 4, 1, BARE)),
    ],
    ids=["other size", "other cell", "both directions"],
)
def test_a_state_that_has_to_be_mixed_is_projected(below: Stack, above: Stack) -> None:
    assert not any(isinstance(crossing, Copy) for crossing in Bridge(below, above).crossings)


def test_projection_is_tanh_for_h_and_unbounded_for_c() -> None:
    below, above = bidirectional_stack_of("lstm", 5, 6, 1, BARE), stack_of("lstm", 5, 4, 1, BARE)
    bridge = enlarged(Bridge(below, above))
    ((h, c),) = state_of(below)
    ((first_h, first_c),) = bridge(((h, 5 * c),))
    linear = bridge.crossings[0].linear
    both = torch.cat([h, 5 * c], -1) @ linear.weight.T + linear.bias
    assert_same((first_h, first_c), (torch.tanh(both[:, :4]), both[:, 4:]))
    assert first_c.min() < -1 and first_c.max() > 1


@pytest.mark.parametrize("encoder", ENCODERS)
def test_two_sentences_stay_two_rows(encoder: str) -> None:
    below, above = ENCODERS[encoder](), stack_of("lstm", 5, 6, 2, BARE)
    bridge, final = enlarged(Bridge(below, above)), state_of(below)
    expected = bridge(final)
    changed = bridge(tuple(tuple(c + torch.tensor([[0.0], [1.0]]) for c in layer) for layer in final))
    for leaf, other in zip(leaves(expected), leaves(changed), strict=True):
        assert torch.equal(leaf[0], other[0])
        assert not torch.equal(leaf[1], other[1])


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_backward_bridge_reads_the_backward_half_of_the_top_layers_h_and_nothing_else(kind: str) -> None:
    below, above = bidirectional_stack_of("lstm", 5, 6, 2, BARE), stack_of(kind, 5, 4, 2, BARE)
    bridge = enlarged(BackwardBridge(below, above))
    final = tuple(tuple(c.requires_grad_() for c in layer) for layer in state_of(below))
    first = bridge(final)
    assert shapes(first) == shapes(above.initial(2))
    sum(leaf.sum() for leaf in leaves(first)).backward()
    bottom, (h, c) = final
    assert [leaf.grad for leaf in (*bottom, c)] == [None, None, None]
    assert isinstance(h.grad, Tensor)
    assert not h.grad[:, :3].any()
    assert h.grad[:, 3:].ne(0).all()
    for crossing, layer in zip(bridge.crossings, first, strict=True):
        expected = h[:, 3:] @ crossing.linear.weight.T + crossing.linear.bias
        assert_same(layer[0], torch.tanh(expected[:, :4]))
