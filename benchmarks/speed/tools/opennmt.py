"""OpenNMT-py: input feeding (Luong et al. 2015, section 3.3) with additive attention, in float32."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.tool import INSIDE, Plan, Reading, Shipped, by_number, program

STEP = re.compile(r"Step\s+(\d+)/.*?ppl:\s*([\d.]+);.*?bsz:\s*\d+/\s*(\d+)/")
HELD_OUT = re.compile(r"Validation perplexity: (\S+)")
# The packages that it needs besides PyTorch.
NEEDS = (
    "configargparse", "ctranslate2", "tensorboard", "flask", "waitress", "pyonmttok", "pyyaml", "sacrebleu",
    "rapidfuzz", "pyahocorasick", "fasttext-wheel", "spacy", "six", "setuptools<80",
)  # fmt: skip
SECONDS = re.compile(r"Total translation time \(s\): ([\d.]+)")


class OpenNMT:
    """Its encoder and decoder have the same size."""

    name = "OpenNMT-py"
    home = "opennmt"
    package = "OpenNMT-py"
    # 3.5.1 requires an older PyTorch than the other toolkits, but works with the newer one.
    install = (
        ("torch==2.13.0",),
        ("--no-deps", "opennmt-py==3.5.1"),
        ("torch==2.13.0", *NEEDS),
    )
    batches = (30, 128, 512)
    longer = 1

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """One YAML file (JSON is YAML)."""
        (folder / "train.yaml").write_text(json.dumps(corpora(job, data, folder, plan) | self.network(job)))

    def network(self, job: Job) -> dict[str, Any]:
        """The model in OpenNMT-py's options."""
        return {
            "encoder_type": "brnn", "decoder_type": "rnn", "rnn_type": job.cell.upper(), "layers": job.layers,
            "hidden_size": job.size, "word_vec_size": job.embedding, "global_attention": "mlp", "input_feed": 1,
            **learning(job), "adam_beta2": 0.999, "dropout": [job.dropout],
        }  # fmt: skip

    def training(self, folder: Path) -> list[str]:
        """See `Tool`."""
        return [program(self.home, "onmt_train"), "-config", str(folder / "train.yaml")]

    def reading(self, line: str) -> Reading | None:
        """See `Tool`."""
        found = STEP.search(line)
        return found and Reading(int(found[1]), math.log(float(found[2])), symbols=float(found[3]))

    def held_out(self, line: str) -> float | None:
        """See `Tool`."""
        found = HELD_OUT.search(line)
        return math.log(float(found[1])) if found else None

    def checkpoints(self, folder: Path) -> list[Path]:
        """See `Tool`."""
        return by_number(list(folder.glob("model_step_*.pt")))

    def shipped(self, folder: Path) -> list[Shipped]:
        """See `Tool`."""
        return [Shipped(self.name, self.checkpoints(folder)[-1])]

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`; it loads checkpoints by pickle, which PyTorch must be told to allow."""
        return [
            "env", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD=1", program(self.home, "onmt_translate"),
            "-model", str(shipped.model), "-src", str(source), "-output", str(answers), "-beam_size", str(beam),
            "-batch_size", str(batch), "-batch_type", "sents", "-max_length", "60", "-report_time",
        ]  # fmt: skip

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`."""
        return [program(self.home), str(INSIDE / "opennmt_each.py"), str(shipped.model), str(source), str(beam)]

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        found = SECONDS.search(printed)
        return float(found[1]) if found else None


def corpora(job: Job, data: Path, folder: Path, plan: Plan) -> dict[str, Any]:
    """The data and the intervals of reports and checkpoints: OpenNMT-py's options, some of which eole has, too.

    A bucket holds all data, so that all of it is sorted by length and an epoch reads every pair once.
    """
    parts = {"corpus": "train", "valid": "dev"}
    return {
        "data": {
            name: {"path_src": f"{data}/{part}.source", "path_tgt": f"{data}/{part}.target", "transforms": []}
            for name, part in parts.items()
        },
        "src_vocab": f"{data}/source.vocabulary", "tgt_vocab": f"{data}/target.vocabulary",
        "save_model": f"{folder}/model", "save_checkpoint_steps": plan.save_every, "keep_checkpoint": -1,
        "train_steps": plan.updates, "valid_steps": plan.updates, "valid_batch_size": 64,
        "report_every": plan.report_every, "bucket_size": len(job.train), "num_workers": 0,
        "batch_type": "sents", "batch_size": job.batch, "normalization": "tokens", "world_size": 1, "gpu_ranks": [],
        "seed": 1,
    }  # fmt: skip


def learning(job: Job) -> dict[str, Any]:
    """Adam, with a constant learning rate or one that is halved at intervals."""
    every = job.halve_every or 10**9
    return {
        "optim": "adam", "adam_beta1": 0.9, "learning_rate": job.learning_rate, "max_grad_norm": job.clip_norm,
        "label_smoothing": 0.0, "learning_rate_decay": 0.5, "start_decay_steps": every, "decay_steps": every,
    }  # fmt: skip
