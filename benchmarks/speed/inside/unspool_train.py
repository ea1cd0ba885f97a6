"""`unspool train` with a line for every update, and the loss on held-out pairs at the end.

python unspool_train.py RUN HELD_OUT.tsv ARGUMENTS OF unspool train …        (- instead of a table: no such loss)
"""

from __future__ import annotations

import sys
from pathlib import Path

from unspool.training.clock import Clock

BATCH = 64

count = Clock.count


def told(clock: Clock, symbols: int, nll: float, seconds: float) -> None:
    """`Clock.count`, and print a line."""
    count(clock, symbols, nll, seconds)
    print(f"update {clock.progress.update} symbols {symbols} nll {nll / symbols:.4f}", flush=True)


def held_out(run: Path, table: Path) -> float:
    """Loss in nats a target symbol over all pairs, in float32."""
    import numpy as np
    import torch

    import unspool
    from unspool.fields.padding import pad
    from unspool.nn.stepper import to_torch
    from unspool.training.objectives import teacher_forcing
    from unspool.types import EOS

    model = unspool.load(run)
    source_tokenizer, target_tokenizer = (field.tokenizer for field in model.fields)
    pairs = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    nll = symbols = 0.0
    with torch.inference_mode():
        for begin in range(0, len(pairs), BATCH):
            sources, targets = zip(*pairs[begin : begin + BATCH], strict=True)
            source = pad([np.array(source_tokenizer.encode(text)) for text in sources])
            target = pad([np.array([*target_tokenizer.encode(text), EOS]) for text in targets])
            batch = [to_torch(side, torch.device("cpu")) for side in (source, target)]
            nll += float(teacher_forcing(model.predictor.stepper.model, *batch, 0.0).nll)
            symbols += int(target.lengths.sum())
    return nll / symbols


def main() -> None:
    from unspool.cli.main import main as unspool

    run, table, *arguments = sys.argv[1:]
    sys.argv = ["unspool", *arguments]
    try:
        unspool()
    except SystemExit as ended:
        if ended.code:
            raise
    if table != "-":
        print(f"held out {held_out(Path(run), Path(table)):.4f}", flush=True)


if __name__ == "__main__":
    Clock.count = told
    main()
