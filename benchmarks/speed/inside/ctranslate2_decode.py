"""CTranslate2: a file at once, or one line at a time.

python ctranslate2_decode.py MODEL SOURCE ANSWERS BEAM BATCH
python ctranslate2_decode.py MODEL SOURCE --each BEAM
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import ctranslate2


def main() -> None:
    model, source, answers, beam, *batch = sys.argv[1:]
    lines = [line.split() for line in Path(source).read_text(encoding="utf-8").splitlines()]
    options = {"beam_size": int(beam), "max_decoding_length": 60}
    if answers == "--each":
        translator = ctranslate2.Translator(
            model, intra_threads=1
        )  # for one word, a tenth of the time that two threads need
        times = []
        for line in [*lines[:10], *lines]:
            begun = time.perf_counter()
            translator.translate_batch([line], **options)
            times.append(1000 * (time.perf_counter() - begun))
        print("milliseconds", json.dumps(times[10:]))
        return
    # One batch for each core: for many lines this is faster than one batch on all cores.
    threads = int(os.environ.get("OMP_NUM_THREADS", "2"))
    translator = ctranslate2.Translator(model, inter_threads=threads, intra_threads=1)
    translator.translate_batch(lines[:10], **options)
    begun = time.perf_counter()
    found = translator.translate_batch(lines, max_batch_size=int(batch[0]), **options)
    print(f"decoded in {time.perf_counter() - begun:.3f} s")
    Path(answers).write_text("".join(" ".join(one.hypotheses[0]) + "\n" for one in found), encoding="utf-8")


if __name__ == "__main__":
    main()
