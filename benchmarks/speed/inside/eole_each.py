"""eole, one line at a time, the model kept loaded: python eole_each.py MODEL SOURCE BEAM."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    from eole.config.run import PredictConfig
    from eole.inference_engine import InferenceEnginePY

    model, source, beam = sys.argv[1:]
    engine = InferenceEnginePY(PredictConfig(model_path=[model], src="none", beam_size=int(beam), max_length=60))
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    times = []
    for line in [*lines[:10], *lines]:
        begun = time.perf_counter()
        engine.infer_list([line])
        times.append(1000 * (time.perf_counter() - begun))
    print("milliseconds", json.dumps(times[10:]))


if __name__ == "__main__":
    main()
