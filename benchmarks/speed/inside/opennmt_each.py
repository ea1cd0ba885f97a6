"""OpenNMT-py, one line at a time, the model kept loaded: python opennmt_each.py MODEL SOURCE BEAM."""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import Namespace
from pathlib import Path

os.environ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"] = "1"


def options(model: str, beam: str) -> Namespace:
    """The options that its command line would set."""
    from onmt.opts import translate_opts
    from onmt.utils.parse import ArgumentParser

    parser = ArgumentParser()
    translate_opts(parser)
    given = parser.parse_args(["-model", model, "-src", "none", "-beam_size", beam, "-max_length", "60"])
    ArgumentParser.validate_translate_opts(given)
    ArgumentParser._get_all_transform_translate(given)
    ArgumentParser._validate_transforms_opts(given)
    ArgumentParser.validate_translate_opts_dynamic(given)
    return given


def main() -> None:
    from onmt.inference_engine import InferenceEnginePY

    model, source, beam = sys.argv[1:]
    engine = InferenceEnginePY(options(model, beam))
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    times = []
    for line in [*lines[:10], *lines]:
        begun = time.perf_counter()
        engine.infer_list([line])
        times.append(1000 * (time.perf_counter() - begun))
    print("milliseconds", json.dumps(times[10:]))


if __name__ == "__main__":
    main()
