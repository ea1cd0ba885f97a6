"""The FLOP/s of Unspool's training, compared with plain matrix products of the same shapes."""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import TYPE_CHECKING, Any

from benchmarks.speed import jobs, results, settings
from benchmarks.speed.tools.unspool import Unspool

if TYPE_CHECKING:
    from unspool.training.train_state import TrainState

MODELS: dict[str, dict[str, Any]] = {
    "luong": {},
    "luong, input feeding": {"score": "concat", "input_feeding": True},
    "bahdanau": {},
}
GIGA = 1e9
NOTES = (
    "Counted: every matrix product of an update as PyTorch runs it, gradients and padding included (2·rows·terms·"
    "columns each; inside the recurrent kernels by formula, backward as twice forward). Nothing else is counted: "
    "gates, softmax, the optimizer cost time and no FLOP here.",
    "Plain: the same products by themselves, each the median of five runs with operands warm, added up.",
    "An update is timed whole: forward, backward, clipping, optimizer.",
    "Where its time goes, in percent, by PyTorch's profiler in a run of its own: products; copies (mostly weights and "
    "activations to bfloat16, and gradients back to float32); gates and attention in our own kernels, with the Python "
    "between them; the optimizer; everything else.",
)
# Names in the profiler; an operation belongs to the first kind whose prefix its name has.
KINDS = {
    "products": ("aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm", "aten::mkldnn"),
    "copies": ("aten::copy_", "aten::cat", "aten::stack"),
    "our kernels": ("_",),
    "optimizer": ("aten::_fused_adam", "Optimizer.", "aten::linalg_vector_norm"),
    "the rest": ("",),
}


def main() -> None:
    parser = settings.parser(__doc__, ("unspool",))
    parser.add_argument("--rounds", type=int, default=5, help="how many times all batches are trained")
    parser.add_argument("--batches", type=int, default=8, help="different batches, from all lengths of the data")
    given = settings.begun(parser)
    print(f"About {len(MODELS) * (1 + given.rounds * given.batches * 0.02):.0f} minutes.", flush=True)
    job = settings.job_of(given)
    rows = [
        row
        for name in MODELS
        for precision in ("fp32", "bf16")
        for row in [measure(job, name, precision, batches(job, given.batches), given)]
    ]
    kept = {"job": job.name, "rounds": given.rounds, "batches": given.batches, "GOMP_SPINCOUNT": given.spin}
    print(results.keep(f"arithmetic-{job.name}", [Unspool()], kept, rows, NOTES))


def batches(job: jobs.Job, count: int) -> list[tuple[Any, Any]]:
    """Source and target of some batches, sorted by length as in training."""
    import numpy as np
    import torch

    from unspool.fields.padding import pad
    from unspool.types import EOS, SPECIALS, Sequences

    vocabularies = [
        {
            symbol: number
            for number, symbol in enumerate(jobs.vocabulary(pair[side] for pair in job.train), len(SPECIALS))
        }
        for side in (0, 1)
    ]
    pairs = sorted(job.train, key=lambda pair: (len(pair[0].split()), len(pair[1].split())))
    starts = [int((part + 0.5) / count * (len(pairs) - job.batch)) for part in range(count)]
    made = []
    for start in starts:
        chosen = random.Random(start).sample(pairs[start : start + job.batch], job.batch)
        ids = [[[vocabularies[side][one] for one in pair[side].split()] for pair in chosen] for side in (0, 1)]
        sides = [pad([np.array(row) for row in ids[0]]), pad([np.array([*row, EOS]) for row in ids[1]])]
        made.append(tuple(Sequences(torch.from_numpy(side.values), torch.from_numpy(side.lengths)) for side in sides))
    return made


def measure(
    job: jobs.Job, name: str, precision: Any, made: list[tuple[Any, Any]], given: argparse.Namespace
) -> results.Row:
    """One model in one precision."""
    import torch

    from benchmarks.speed.products import Products, plain_seconds

    state = train_state_of(job, name, precision)
    counting = Products()
    with counting:
        for source, target in made:
            update(state, source, target)
    seconds, symbols = [], sum(int(target.lengths.sum()) for _, target in made)
    for _ in range(given.rounds):
        begun = time.perf_counter()
        for source, target in made:
            update(state, source, target)
        seconds.append(time.perf_counter() - begun)
    spent = statistics.median(seconds)
    plain = {kind: plain_seconds(counting.counts, getattr(torch, kind)) for kind in ("float32", "bfloat16")}
    own = plain["bfloat16" if precision == "bf16" else "float32"]
    row = {
        "model": name, "precision": precision, "symbols/s": symbols / spent,
        "MFLOP a symbol": counting.flops / symbols / 1e6, "training GFLOP/s": counting.flops / spent / GIGA,
        "plain float32 GFLOP/s": counting.flops / plain["float32"] / GIGA,
        "plain bfloat16 GFLOP/s": counting.flops / plain["bfloat16"] / GIGA, "share of plain": own / spent,
    }  # fmt: skip
    row |= {f"{kind} %": share for kind, share in profile(state, made).items()}
    print(row, flush=True)
    return row


def profile(state: TrainState, made: list[tuple[Any, Any]]) -> dict[str, float]:
    """The shares of the time of these updates, in percent."""
    from torch.profiler import profile as profiler

    with profiler() as seen:
        for source, target in made:
            update(state, source, target)
    spent = dict.fromkeys(KINDS, 0.0)
    for event in seen.key_averages():
        kind = next(kind for kind, names in KINDS.items() if event.key.startswith(names))
        spent[kind] += event.self_cpu_time_total
    return {kind: 100 * share / sum(spent.values()) for kind, share in spent.items()}


def train_state_of(job: jobs.Job, name: str, precision: Any) -> TrainState:
    """A new model of the job's sizes with its optimizer."""
    import torch

    from unspool.config import TrainingConfig, resolve
    from unspool.models import registry
    from unspool.training.train_state import TrainState
    from unspool.types import SPECIALS, Dimensions, Symbols

    model = name.partition(",")[0]
    values = {
        "embedding_size": job.embedding, "encoder_cell": job.cell, "encoder_size": job.size, "dropout": 0.0,
        "decoder_cell": job.cell, "decoder_size": job.size,
    } | MODELS[name]  # fmt: skip
    values |= {"attention_size": job.size} if model == "bahdanau" else {}
    sides = (Symbols(len(SPECIALS) + len(jobs.vocabulary(pair[side] for pair in job.train))) for side in (0, 1))
    torch.manual_seed(1)
    config = TrainingConfig(optimizer="adam", averaging=0, label_smoothing=0, precision=precision)
    settings = resolve({"model": {"name": model} | values}).model
    return TrainState(registry.build(settings, Dimensions(*sides)), config, torch.device("cpu"))


def update(state: TrainState, source: Any, target: Any) -> None:
    """One update, as in the training loop."""
    from unspool.training.loop import clip
    from unspool.training.objectives import teacher_forcing

    state.optimizer.zero_grad()
    with state.autocast():
        loss = teacher_forcing(state.model, source, target, 0.0)
    (loss.smoothed / int(target.lengths.sum())).backward()
    clip(state.module, 1.0)
    state.optimizer.step()


if __name__ == "__main__":
    main()
