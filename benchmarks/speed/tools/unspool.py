"""Unspool, trained by its command line: with its default precision, or float32."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.tool import INSIDE, Plan, Reading, Shipped

UPDATE = re.compile(r"^update (\d+) symbols (\d+) nll ([\d.]+)")
HELD_OUT = re.compile(r"^held out ([\d.]+)")
SECONDS = re.compile(r"^decoded in ([\d.]+) s", re.MULTILINE)
# The settings of each row besides the job's sizes; None: the job's size.
MODELS: dict[str, dict[str, Any]] = {
    # Attention inside the recurrence, before the new state; the output reads state, context and last symbol.
    "bahdanau": {"attention_size": None},
    # The equations of OpenNMT-py, eole and JoeyNMT: the attentional state is fed back.
    "luong (input feeding)": {"score": "concat", "input_feeding": True},
    # Attention after the recurrence: no loop in training.
    "luong": {"score": "general"},
    "sutskever": {},
    "cho": {},
    "gnmt": {"attention_size": None, "encoder_layers": 4, "decoder_layers": 4},
    # Of CTranslate2's sizes: 3 + 3 layers of 256.
    "transformer": {"size": 256, "heads": 4, "encoder_layers": 3, "decoder_layers": 3, "feed_forward_size": 1024},
}
EXPORTS = {"ONNX Runtime, float32": (), "ONNX Runtime, int8": ("--quantize", "int8")}


@dataclass(frozen=True)
class Unspool:
    """One model in one precision."""

    model: str = "bahdanau"
    precision: Literal["auto", "fp32"] = "auto"
    home = ""
    package = "unspool"
    install = ()
    batches = (1024, 4096, 16384)
    longer = 1

    @property
    def name(self) -> str:
        """Model and precision."""
        return f"Unspool {self.model}, {'own precision' if self.precision == 'auto' else 'float32'}"

    @property
    def kind(self) -> str:
        """Its name in the registry."""
        return self.model.partition(" ")[0]

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """The arguments of the training script, as JSON."""
        sizes = {
            "embedding_size": job.embedding, "encoder_cell": job.cell, "encoder_size": job.size,
            "encoder_layers": job.layers, "decoder_cell": job.cell, "decoder_size": job.size,
            "decoder_layers": job.layers, "dropout": job.dropout,
        }  # fmt: skip
        sizes = _known(self.kind, sizes) | MODELS[self.model]
        sizes = {key: job.size if value is None else value for key, value in sizes.items()}
        training = {
            "batch_symbols": batch_symbols(job), "max_updates": plan.updates, "optimizer": "adam", "beta2": 0.999,
            "learning_rate": job.learning_rate, "schedule": "constant", "warmup_updates": 0, "clip_norm": job.clip_norm,
            "label_smoothing": 0, "averaging": 0, "precision": self.precision, "validate_every": plan.updates,
            "validate_most": 8, "checkpoint_minutes": 1000,
        }  # fmt: skip
        values = {"data.source_tokenizer": "words", "data.target_tokenizer": "words"}
        values |= {f"model.{key}": value for key, value in sizes.items()}
        values |= {f"training.{key}": value for key, value in training.items()}
        settings = [part for key, value in values.items() for part in ("--set", f"{key}={_written(value)}")]
        run = str(folder / "run")
        command = [run, f"{data}/dev.tsv", "train", f"{data}/train.tsv", "--valid", f"{data}/dev.tsv", "--out", run]
        (folder / "command.json").write_text(json.dumps([*command, "--model", self.kind, "--overwrite", *settings]))

    def training(self, folder: Path) -> list[str]:
        """See `Tool`."""
        return [sys.executable, str(INSIDE / "unspool_train.py"), *json.loads((folder / "command.json").read_text())]

    def reading(self, line: str) -> Reading | None:
        """See `Tool`."""
        found = UPDATE.search(line)
        return found and Reading(int(found[1]), float(found[3]), symbols=float(found[2]))

    def held_out(self, line: str) -> float | None:
        """See `Tool`."""
        found = HELD_OUT.search(line)
        return float(found[1]) if found else None

    def checkpoints(self, folder: Path) -> list[Path]:
        """See `Tool`: the run itself."""
        return [path for path in [folder / "run"] if (path / "model.safetensors").exists()]

    def shipped(self, folder: Path) -> list[Shipped]:
        """The run in PyTorch, and its export."""
        run = self.checkpoints(folder)[0]
        return [Shipped(f"Unspool {self.model}, PyTorch", run), *self._exported(run)]

    def _exported(self, run: Path) -> list[Shipped]:
        found = []
        for name, flags in EXPORTS.items():
            out = run.parent / ("int8" if flags else "onnx")
            if not out.exists():
                command = [sys.executable, "-m", "unspool", "export", str(run), "--to", "onnx", "--out", str(out)]
                done = subprocess.run([*command, *flags], capture_output=True, text=True)
                if done.returncode:
                    print(f"No row for {name}: {' '.join(done.stderr.split()[-40:])}", file=sys.stderr)
                    continue
            found.append(Shipped(f"Unspool {self.model}, {name}", out))
        return found

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`."""
        script = str(INSIDE / "unspool_decode.py")
        return [sys.executable, script, str(shipped.model), str(source), str(answers), str(beam), str(batch)]

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`."""
        return [sys.executable, str(INSIDE / "unspool_decode.py"), str(shipped.model), str(source), "--each", str(beam)]

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        found = SECONDS.search(printed)
        return float(found[1]) if found else None


def _known(kind: str, sizes: dict[str, Any]) -> dict[str, Any]:
    from unspool.config.run import model_settings

    fields = model_settings()[kind].model_fields
    return {key: value for key, value in sizes.items() if key in fields}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def batch_symbols(job: Job) -> int:
    """The budget of symbols with which batches have on average as many pairs as those of the other tools."""
    from unspool.data.buckets import epoch_batches

    source, target = (np.array([len(pair[side].split()) for pair in job.train], np.uint32) for side in (0, 1))
    corpus: Any = SimpleNamespace(
        sources=SimpleNamespace(lengths=lambda: source), targets=SimpleNamespace(lengths=lambda: target + 1)
    )
    wanted = len(job.train) / job.batch
    low, high = 1, int(source.max() + target.max() + 1) * job.batch
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(epoch_batches(corpus, middle, 1, 0)) <= wanted else (middle + 1, high)
    return low
