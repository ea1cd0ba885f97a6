"""Decode a file with a trained or exported folder, and print the time; or decode one line at a time.

python unspool_decode.py MODEL SOURCE ANSWERS BEAM BATCH_SYMBOLS
python unspool_decode.py MODEL SOURCE --each BEAM
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import unspool


def milliseconds(model: unspool.Model, lines: list[str], beam: int) -> list[float]:
    """The time of each single line, after a few warm-up lines."""
    times = []
    for line in [*lines[:10], *lines]:
        begun = time.perf_counter()
        model.predict([line], beam=beam)
        times.append(1000 * (time.perf_counter() - begun))
    return times[10:]


def main() -> None:
    folder, source, answers, beam, *batch = sys.argv[1:]
    if "torch" in sys.modules or (Path(folder) / "model.safetensors").exists():
        import torch

        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    model = unspool.load(folder)
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    if answers == "--each":
        print("milliseconds", json.dumps(milliseconds(model, lines, int(beam))))
        return
    model.predict(lines[:10], beam=int(beam))
    begun = time.perf_counter()
    predictions = model.predict(lines, beam=int(beam), batch_symbols=int(batch[0]), max_length=60)
    print(f"decoded in {time.perf_counter() - begun:.3f} s")
    Path(answers).write_text("".join(f"{prediction.text}\n" for prediction in predictions), encoding="utf-8")


if __name__ == "__main__":
    main()
