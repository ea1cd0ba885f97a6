"""The cost of one more input column in the LSTM kernel: forward and backward, several widths, float32 and bfloat16."""

from __future__ import annotations

import argparse
import platform
import statistics
import time

import torch

BATCH, STEPS, SIZE, ROUNDS = 128, 9, 512, 20
WIDTHS = (256, 257, 288)


def milliseconds(width: int, bf16: bool) -> float:
    """The median time of one forward and backward pass."""
    lstm = torch.nn.LSTM(width, SIZE, batch_first=True)
    x = torch.randn(BATCH, STEPS, width, requires_grad=True)
    times = []
    for _ in range(ROUNDS + 3):
        begun = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            outputs, _ = lstm(x)
        outputs.float().sum().backward()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times[3:])


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}")
    print(f"nn.LSTM, {BATCH} x {STEPS} x width to {SIZE}, forward and backward, median of {ROUNDS}")
    for bf16 in (False, True):
        row = "  ".join(f"{width}: {milliseconds(width, bf16):6.1f} ms" for width in WIDTHS)
        print(f"{'bf16' if bf16 else 'fp32'}  {row}")


if __name__ == "__main__":
    main()
