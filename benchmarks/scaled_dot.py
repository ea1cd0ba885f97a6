"""Scaled dot-product attention in training: PyTorch's kernel, and two products with stored weights."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from unspool.cli.processor import configure_process

if TYPE_CHECKING:
    from torch import Tensor

# Sentences, and their symbols: words, then sentences, then documents; heads of 64.
SHAPES = ((128, 8), (64, 15), (64, 30), (16, 200), (4, 600))
HEADS, WIDTH = 4, 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    configure_process()  # as in the command line, before PyTorch is loaded
    import torch
    from torch.nn import functional

    from unspool.kernels.scaled_dot import scaled_dot_attention

    torch.set_num_threads(given.threads)
    ways = (functional.scaled_dot_product_attention, scaled_dot_attention)
    print("| type | sentences | symbols | kernel, ms | back, ms | ours, ms | back, ms | ratio of both |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind in (torch.bfloat16, torch.float32):
        for sentences, symbols in SHAPES:
            parts = [torch.randn(sentences, HEADS, symbols, WIDTH).to(kind).requires_grad_() for _ in range(3)]
            visible = (torch.arange(symbols) < symbols - 1).expand(sentences, 1, 1, symbols)
            kernel, own = (seconds(way, [*parts, visible], given.rounds) for way in ways)
            cells = " | ".join(f"{1000 * each:.2f}" for each in (*kernel, *own))
            name = str(kind).removeprefix("torch.")
            print(f"| {name} | {sentences} | {symbols} | {cells} | {sum(kernel) / sum(own):.1f} |", flush=True)


def seconds(attention: Callable[..., Tensor], given: Sequence[Tensor], rounds: int) -> tuple[float, float]:
    """Median times of forward and backward passes, after a few warm-up rounds."""
    import torch

    forward, back = [], []
    for _ in range(rounds + 3):
        begun = time.perf_counter()
        output = attention(*given)
        forward.append(time.perf_counter() - begun)
        to_output = torch.randn_like(output)
        begun = time.perf_counter()
        torch.autograd.grad(output, given[:3], to_output)
        back.append(time.perf_counter() - begun)
    return statistics.median(forward[3:]), statistics.median(back[3:])


if __name__ == "__main__":
    main()
