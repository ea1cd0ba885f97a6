"""JoeyNMT: input feeding with additive attention whose keys are computed once; batches of random lengths."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.tool import INSIDE, Plan, Reading, Shipped, by_number, program

STEP = re.compile(r"Step:\s+(\d+), Batch Loss:\s+([\d.]+),.*?Tokens per Sec:\s+(\d+)")
HELD_OUT = re.compile(r"Evaluation result .*?ppl:\s*([\d.]+)")
SECONDS = re.compile(r"Generation took ([\d.]+)")


class JoeyNMT:
    """It does not sort by length, so its batches have more padding than the others'."""

    name = "JoeyNMT"
    home = "joeynmt"
    package = "joeynmt"
    install = (("torch==2.13.0",), ("torch==2.13.0", "joeynmt==2.3.0", "importlib_metadata", "setuptools<80"))
    batches = (32, 128, 512)
    longer = 1

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """One YAML file (JSON is YAML)."""
        sides = {
            side: {"lang": name, "level": "word", "voc_file": f"{data}/{name}.vocabulary", "lowercase": False}
            for side, name in (("src", "source"), ("trg", "target"))
        }
        config = {
            "name": job.name, "model_dir": f"{folder}/model", "use_cuda": False, "random_seed": 1,
            "normalization": "tokens", "data": {"train": f"{data}/train", "dev": f"{data}/dev", **sides},
            "testing": {"beam_size": 1, "batch_size": 64, "eval_metrics": [], "max_output_length": 60},
            "training": self._learning(job, plan), "model": _network(job),
        }  # fmt: skip
        (folder / "train.yaml").write_text(json.dumps(config))

    def _learning(self, job: Job, plan: Plan) -> dict[str, Any]:
        return {
            "optimizer": "adam", "adam_betas": [0.9, 0.999], "learning_rate": job.learning_rate, "shuffle": True,
            "scheduling": "exponential", "decrease_factor": 1.0, "learning_rate_min": 0.0,
            "clip_grad_norm": job.clip_norm, "batch_size": job.batch, "batch_type": "sentence",
            "normalization": "tokens", "epochs": 10**6, "updates": plan.updates,
            "logging_freq": plan.report_every, "validation_freq": plan.save_every, "keep_best_ckpts": -1,
            "early_stopping_metric": "ppl", "overwrite": True,
        }  # fmt: skip

    def training(self, folder: Path) -> list[str]:
        """See `Tool`."""
        return [program(self.home), "-m", "joeynmt", "train", str(folder / "train.yaml"), "--skip-test"]

    def reading(self, line: str) -> Reading | None:
        """See `Tool`: the loss is that of the last batch only."""
        found = STEP.search(line)
        return found and Reading(int(found[1]), float(found[2]), rate=float(found[3]))

    def held_out(self, line: str) -> float | None:
        """See `Tool`."""
        found = HELD_OUT.search(line)
        return math.log(float(found[1])) if found else None

    def checkpoints(self, folder: Path) -> list[Path]:
        """See `Tool`."""
        return by_number([path for path in (folder / "model").glob("*.ckpt") if path.stem.isdigit()])

    def shipped(self, folder: Path) -> list[Shipped]:
        """See `Tool`."""
        return [Shipped(self.name, self.checkpoints(folder)[-1])]

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`; from standard input to standard output, since its -o fails in this version."""
        config = json.loads((shipped.model.parents[1] / "train.yaml").read_text())
        config["testing"] |= {"load_model": str(shipped.model), "beam_size": beam, "batch_size": batch}
        path = answers.with_suffix(".yaml")
        path.write_text(json.dumps(config))
        command = f'exec "$1" -m joeynmt translate "{path}" < "{source}" > "{answers}"'
        return ["sh", "-c", command, "sh", program(self.home)]

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`."""
        config = str(shipped.model.parents[1] / "train.yaml")
        return [program(self.home), str(INSIDE / "joeynmt_each.py"), str(shipped.model), str(source), str(beam), config]

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        found = SECONDS.search(printed)
        return float(found[1]) if found else None


def _network(job: Job) -> dict[str, Any]:
    """The encoder's size is that of one direction."""
    side = {
        "type": "recurrent", "rnn_type": job.cell, "num_layers": job.layers, "dropout": job.dropout,
        "embeddings": {"embedding_dim": job.embedding},
    }  # fmt: skip
    decoder = {"attention": "bahdanau", "input_feeding": True, "init_hidden": "bridge", "hidden_size": job.size}
    return {
        "tied_softmax": False,
        "encoder": {**side, "hidden_size": job.size // 2, "bidirectional": True},
        "decoder": {**side, **decoder},
    }
