"""Kills at random moments of training, of replacing a run and of replacing an export: is there always a usable model?

Each trial is a process that is ended by SIGKILL at a random moment of its work. Then the model that was there must
answer as before, or the new one must; and after resuming, or beginning again, the weights must be those of a run that
was not disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

import unspool
from unspool import folder as disk
from unspool import runs
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.export.onnx import export

SETTINGS = {
    "model": {"name": "luong", "embedding_size": 8, "encoder_size": 12, "decoder_size": 12, "dropout": 0.3},
    "training": {
        "batch_symbols": 256, "max_updates": 20, "validate_every": 5, "validate_most": 4, "precision": "fp32",
        "checkpoint_minutes": 0,
    },
}  # fmt: skip
OLD, NEW = 1, 2
quiet: dict[str, Any] = {"on_report": lambda report: None, "on_message": lambda message: None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{given.kills} kills: about {given.kills * 3} seconds on a quiet processor.", flush=True)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        trials = Trials(Path(place), random.Random(given.seed))
        for number in range(given.kills):
            kind = ("training", "replacing a run", "replacing an export")[(0, 1, 0, 1, 2)[number % 5]]
            trials.run(kind, Path(place) / str(number))
            print(f"{number + 1} of {given.kills}: {kind}", flush=True)
    for (kind, what), count in sorted(trials.counts.items()):
        print(f"{kind:<20} {what:<44} {count:>3}")


class Trials:
    """Trials in a folder, with undisturbed runs to compare with."""

    def __init__(self, place: Path, draw: random.Random) -> None:
        self.draw, self.table = draw, place / "pairs.tsv"
        words = ["".join(draw.choices("abcdef", k=draw.randint(3, 8))) for _ in range(80)]
        self.table.write_text("".join(f"{word}\t{word[::-1]}\n" for word in words))
        self.whole, self.seconds, self.counts = {}, 0.0, Counter[tuple[str, str]]()
        for seed in (OLD, NEW):
            begun = time.monotonic()
            self.begin(place / f"whole-{seed}", seed)
            self.seconds, self.whole[seed] = time.monotonic() - begun, place / f"whole-{seed}"
        begun = time.monotonic()
        export(self.whole[OLD])
        self.export_seconds = time.monotonic() - begun

    def begin(self, out: Path, seed: int) -> None:
        """Train, and replace what is there."""
        runs.begin(Files((self.table,)), out, SETTINGS | {"seed": seed}, overwrite=True, **quiet)

    def run(self, kind: str, out: Path) -> None:
        """One trial; raises if anything was lost."""
        if kind == "replacing an export":
            shutil.copytree(self.whole[OLD], out)
            self.kill(kind, lambda: export(out, overwrite=True), self.export_seconds)
            assert answer(out / "onnx") == answer(self.whole[OLD] / "onnx")
            self.counts[kind, "the export answers as before"] += 1
            return
        if kind == "replacing a run":
            shutil.copytree(self.whole[OLD], out)
        self.kill(kind, lambda: self.begin(out, NEW), self.seconds)
        if kind == "replacing a run":
            new = (out / disk.WEIGHTS).exists() and not same(out, self.whole[OLD])
            assert new or answer(out) == answer(self.whole[OLD])
            answer(out)
            self.counts[kind, "the new model answers" if new else "the old model answers as before"] += 1
        self.go_on(kind, out)
        assert same(out, self.whole[NEW]), f"{kind}: other weights after resuming"
        self.counts[kind, "final weights are identical"] += 1

    def go_on(self, kind: str, out: Path) -> None:
        """Resume, or begin again where the run had not begun."""
        try:
            runs.resume(out, {}, None, **quiet)
            how = "resumed" if disk.read_run(out)[0].seed == NEW else "begun again: nothing was replaced yet"
        except Mistake as refused:
            how = "begun again: nothing was written yet"
            assert "no model" in refused.what or "nothing to continue" in refused.what, refused
        self.counts[kind, how] += 1
        if how != "resumed":
            self.begin(out, NEW)

    def kill(self, kind: str, work: Callable[[], Any], seconds: float) -> None:
        """Do the work in a process of its own, and kill it at a random moment."""
        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(0)
        time.sleep(self.draw.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        self.counts[kind, "killed" if os.WIFSIGNALED(status) else "had ended before"] += 1


def answer(folder: Path) -> tuple[str, float]:
    """What a folder's model answers, and how likely it finds that."""
    best = unspool.load(folder, "cpu").predict(["abcdef"])[0].hypotheses[0]
    return best.text, round(best.score, 3)  # both engines answer, and they round differently


def same(one: Path, other: Path) -> bool:
    """Whether two folders have the same weights, bit for bit."""
    ours, theirs = (load_file(folder / disk.WEIGHTS) for folder in (one, other))
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


if __name__ == "__main__":
    main()
