"""Training with few symbols: products computed once for each symbol, compared with products at each position."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.speed import settings
from benchmarks.speed.arithmetic import MODELS, batches, train_state_of, update


def main() -> None:
    parser = settings.parser(__doc__, ("unspool",))
    parser.add_argument("--rounds", type=int, default=10, help="how many times all batches are trained, each way")
    parser.add_argument("--batches", type=int, default=8, help="different batches, from all lengths of the data")
    given = settings.begun(parser)
    from unspool.kernels.embedding_product import EmbeddedSymbols

    print(f"About {len(MODELS) * given.rounds * given.batches * 0.003:.0f} minutes.", flush=True)
    job = settings.job_of(given)
    made = batches(job, given.batches)
    symbols = sum(int(target.lengths.sum()) for _, target in made)
    ways = {"at each place": lambda self: False, "once for each symbol": EmbeddedSymbols.is_worth_sharing}
    print(f"| model, bf16, target symbols a second | {' | '.join(ways)} | ratio |\n|---|---:|---:|---:|")
    for name in MODELS:
        rates = [
            symbols / spent
            for spent in seconds(train_state_of(job, name, "bf16"), made, list(ways.values()), given.rounds)
        ]
        print(f"| {name} | {' | '.join(f'{rate:,.0f}' for rate in rates)} | {rates[1] / rates[0]:.2f} |", flush=True)


def seconds(state: Any, made: list[tuple[Any, Any]], ways: list[Callable[..., bool]], rounds: int) -> list[float]:
    """Median time of all batches, each way, after a warm-up round."""
    from unspool.kernels.embedding_product import EmbeddedSymbols

    times: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds + 1):
        for way, spent in zip(ways, times, strict=True):
            EmbeddedSymbols.is_worth_sharing = way  # type: ignore[method-assign]
            begun = time.perf_counter()
            for source, target in made:
                update(state, source, target)
            spent.append(time.perf_counter() - begun)
    return [statistics.median(spent[1:]) for spent in times]


if __name__ == "__main__":
    main()
