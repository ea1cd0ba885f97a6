"""Marian, in C++: a conditional recurrence whose second cell reads the context (Nematus)."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.speed.jobs import Job, put
from benchmarks.speed.processes import THREADS
from benchmarks.speed.tools.tool import Plan, Reading, Shipped, by_number, program

STEP = re.compile(r"Up\. (\d+) :.*?Cost ([\d.]+) .*? ([\d.]+) words/s")
HELD_OUT = re.compile(r"\[valid\].*? ce-mean-words : ([\d.]+)")
SECONDS = re.compile(r"Total time: ([\d.]+)s wall")


class Marian:
    """One size for the decoder and for each direction of the encoder, so its encoder is twice as wide."""

    name = "Marian"
    home = "marian"
    package = "pymarian"
    install = (("pymarian==1.12.42",),)
    batches = (16, 64, 256)
    longer = 1

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """Vocabularies with its own reserved symbols first, and one YAML file (JSON is YAML)."""
        for side in ("source", "target"):
            symbols = (data / f"{side}.vocabulary").read_text(encoding="utf-8").splitlines()
            put(folder / f"{side}.txt", ["</s>", "<unk>", *symbols])
        config = {
            "type": "s2s", "model": f"{folder}/model.npz", "overwrite-checkpoint": True,
            "train-sets": [f"{data}/train.source", f"{data}/train.target"],
            "valid-sets": [f"{data}/dev.source", f"{data}/dev.target"],
            "vocabs": [f"{folder}/source.txt", f"{folder}/target.txt"],
            "dim-rnn": job.size, "dim-emb": job.embedding, "enc-cell": job.cell, "dec-cell": job.cell,
            "enc-depth": job.layers, "dec-depth": job.layers, "mini-batch": job.batch, "maxi-batch": 1000,
            "mini-batch-round-up": False, "after": f"{plan.updates}u", "disp-freq": f"{plan.report_every}u",
            "save-freq": f"{plan.save_every}u", "valid-freq": f"{plan.updates}u", "valid-metrics": ["ce-mean-words"],
            "cost-type": "ce-mean-words", "learn-rate": job.learning_rate, "optimizer-params": [0.9, 0.999, 1e-8],
            "clip-norm": job.clip_norm, "cpu-threads": THREADS, "workspace": 1000, "seed": 1, "max-length": 200,
            "sync-sgd": True,
        }  # fmt: skip
        (folder / "train.yaml").write_text(json.dumps(config))

    def training(self, folder: Path) -> list[str]:
        """See `Tool`."""
        return [program(self.home, "pymarian"), "-c", str(folder / "train.yaml")]

    def reading(self, line: str) -> Reading | None:
        """See `Tool`; its "words" are target symbols, EOS included."""
        found = STEP.search(line)
        return found and Reading(int(found[1]), float(found[2]), rate=float(found[3]))

    def held_out(self, line: str) -> float | None:
        """See `Tool`."""
        found = HELD_OUT.search(line)
        return float(found[1]) if found else None

    def checkpoints(self, folder: Path) -> list[Path]:
        """See `Tool`."""
        numbered = [path for path in folder.glob("model.iter*.npz") if "optimizer" not in path.name]
        return by_number(numbered) or [folder / "model.npz"]

    def shipped(self, folder: Path) -> list[Shipped]:
        """See `Tool`."""
        return [Shipped(self.name, self.checkpoints(folder)[-1])]

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`."""
        vocabularies = [str(shipped.model.parent / f"{side}.txt") for side in ("source", "target")]
        return [
            program(self.home, "pymarian"), "decode", "-m", str(shipped.model), "-v", *vocabularies, "-i", str(source),
            "-o", str(answers), "-b", str(beam), "--mini-batch", str(batch), "--maxi-batch", "100",
            "--maxi-batch-sort", "src", "--cpu-threads", str(THREADS), "--max-length-factor", "3",
        ]  # fmt: skip

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`: not measured."""
        return None

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        found = SECONDS.search(printed)
        return float(found[1]) if found else None
