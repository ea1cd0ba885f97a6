"""JoeyNMT, one line at a time, the model kept loaded: python joeynmt_each.py MODEL SOURCE BEAM CONFIG."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path


def main() -> None:
    from joeynmt.config import load_config, parse_global_args
    from joeynmt.hub_interface import TranslatorHubInterface
    from joeynmt.prediction import prepare

    logging.disable(logging.INFO)
    checkpoint, source, beam, config = sys.argv[1:]
    settings = load_config(Path(config))
    settings["testing"]["load_model"] = checkpoint
    given = parse_global_args(settings, rank=0, mode="translate")
    model, _, _, data = prepare(given, rank=0, mode="translate")
    translator = TranslatorHubInterface(model, data, given)
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    times = []
    for line in [*lines[:10], *lines]:
        begun = time.perf_counter()
        translator.translate([line], beam_size=int(beam))
        times.append(1000 * (time.perf_counter() - begun))
    print("milliseconds", json.dumps(times[10:]))


if __name__ == "__main__":
    main()
