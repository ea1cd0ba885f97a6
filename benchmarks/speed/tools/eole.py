"""eole, the successor of OpenNMT-py: the same recurrent network; its encoder reads padding, which attention masks."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.opennmt import corpora, learning
from benchmarks.speed.tools.tool import INSIDE, Plan, Reading, Shipped, by_number, program

STEP = re.compile(r"Step\s+(\d+)/.*?ppl:\s*([\d.]+);.*?bsz:\s*\d+/\s*(\d+)/")
HELD_OUT = re.compile(r"Validation perplexity: (\S+)")
SECONDS = re.compile(r"(?:Step 0 time|including all) \(s\): ([\d.]+)")
# The sizes of CTranslate2's and of Unspool's own.
TRANSFORMER = {
    "architecture": "transformer", "layers": 3, "hidden_size": 256, "heads": 4, "transformer_ff": 1024,
    "embeddings": {"word_vec_size": 256, "position_encoding_type": "SinusoidalInterleaved"},
}  # fmt: skip
NOT_TRAINING = ("data", "src_vocab", "tgt_vocab", "report_every", "seed")


@dataclass(frozen=True)
class Eole:
    """Its `architecture: rnn` forces an encoder of one direction; the custom one may have both.

    It can train under bfloat16 autocast, as Unspool does. Its decoding in int8 does not start in this version.
    """

    precision: Literal["fp32", "bf16"] = "fp32"
    network: Literal["rnn", "transformer"] = "rnn"
    home = "eole"
    package = "eole"
    install = (("torch==2.13.0",), ("torch==2.13.0", "eole==0.6.4", "aiohttp"))
    batches = (30, 128, 512)
    longer = 1

    @property
    def name(self) -> str:
        """Its name, with network and precision if they are not the default ones."""
        parts = [
            "eole" if self.network == "rnn" else "eole transformer",
            *([] if self.precision == "fp32" else ["bf16"]),
        ]
        return ", ".join(parts)

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """One YAML file (JSON is YAML)."""
        options = corpora(job, data, folder, plan)
        options["model_path"] = options.pop("save_model")
        config = {key: options.pop(key) for key in NOT_TRAINING}
        config["model"] = TRANSFORMER if self.network == "transformer" else _recurrent(job)
        config["training"] = options | self.schedule(job) | {
            "log_attention_entropy": False, "compute_dtype": self.precision, "use_amp": True,
        }  # fmt: skip
        (folder / "train.yaml").write_text(json.dumps(config | {"n_sample": 0, "overwrite": True}))

    def schedule(self, job: Job) -> dict[str, Any]:
        """The same optimizer and schedule as all toolkits."""
        return learning(job) | {"adam_beta2": 0.999, "dropout": [job.dropout]}

    def training(self, folder: Path) -> list[str]:
        """See `Tool`."""
        return [program(self.home, "eole"), "train", "-config", str(folder / "train.yaml")]

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
        return by_number([path for path in (folder / "model").glob("step_*") if path.is_dir()])

    def shipped(self, folder: Path) -> list[Shipped]:
        """See `Tool`."""
        return [Shipped(self.name, self.checkpoints(folder)[-1])]

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`."""
        return [
            program(self.home, "eole"), "predict", "-model_path", str(shipped.model), "-src", str(source),
            "-output", str(answers), "-beam_size", str(beam), "-batch_size", str(batch), "-batch_type", "sents",
            "-max_length", "60", "-report_time",
        ]  # fmt: skip

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`."""
        return [program(self.home), str(INSIDE / "eole_each.py"), str(shipped.model), str(source), str(beam)]

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        found = SECONDS.findall(printed)
        return sum(map(float, found)) if found else None


def _recurrent(job: Job) -> dict[str, Any]:
    recurrent = {"hidden_size": job.size, "layers": job.layers, "rnn_type": job.cell.upper()}
    return {
        "architecture": "custom",
        "embeddings": {"src_word_vec_size": job.embedding, "tgt_word_vec_size": job.embedding},
        "encoder": {"encoder_type": "brnn", **recurrent},
        "decoder": {"decoder_type": "rnn", "global_attention": "mlp", **recurrent},
    }
