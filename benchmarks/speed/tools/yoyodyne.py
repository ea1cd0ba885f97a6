"""Yoyodyne, for inflection and pronunciation: attention before the recurrence; batches of random lengths."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.tool import INSIDE, Plan, Reading, Shipped, program

UPDATE = re.compile(r"^update (\d+) symbols ([\d.]+) nll ([\d.]+)")


class Yoyodyne:
    """Only training is measured: it decodes only for evaluation."""

    name = "Yoyodyne"
    home = "yoyodyne"
    package = "yoyodyne"
    install = (
        ("torch==2.13.0",),
        ("--no-deps", "yoyodyne==0.5.27"),
        ("torch==2.13.0", "lightning", "wandb", "rich", "jsonargparse[signatures]", "omegaconf", "maxwell"),
        ("--no-deps", "torchaudio"),
    )
    batches = ()
    longer = 1

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """One YAML file (JSON is YAML)."""
        kind = job.cell.upper()
        encoder = {
            "hidden_size": job.size // 2, "bidirectional": True, "layers": job.layers, "dropout": job.dropout,
            "embedding_size": job.embedding,
        }  # fmt: skip
        model = {
            "source_encoder": {"class_path": f"yoyodyne.models.modules.{kind}Encoder", "init_args": encoder},
            "decoder_hidden_size": job.size, "decoder_layers": job.layers, "decoder_dropout": job.dropout,
            "embedding_size": job.embedding, "compute_accuracy": False,
            "optimizer": {"class_path": "torch.optim.Adam", "init_args": {"lr": job.learning_rate}},
        }  # fmt: skip
        telling = {"class_path": "yoyodyne_train.Telling", "init_args": {"every": plan.report_every}}
        config = {
            "seed_everything": 1,
            "checkpoint": {"dirpath": str(folder), "save_top_k": 0},
            "model": {"class_path": f"yoyodyne.models.SoftAttention{kind}Model", "init_args": model},
            "data": {
                "model_dir": str(folder), "train": f"{data}/train.tsv", "val": f"{data}/dev.tsv", "source_sep": " ",
                "target_sep": " ", "batch_size": job.batch, "max_target_length": 64,
            },
            "trainer": {
                "max_steps": plan.updates, "max_epochs": -1, "accelerator": "cpu", "logger": False,
                "enable_progress_bar": False, "gradient_clip_val": job.clip_norm,
                "num_sanity_val_steps": 0, "limit_val_batches": 0, "callbacks": [telling],
            },
        }  # fmt: skip
        (folder / "train.yaml").write_text(json.dumps(config))

    def training(self, folder: Path) -> list[str]:
        """See `Tool`."""
        return [program(self.home), str(INSIDE / "yoyodyne_train.py"), str(folder / "train.yaml")]

    def reading(self, line: str) -> Reading | None:
        """See `Tool`."""
        found = UPDATE.search(line)
        return found and Reading(int(found[1]), float(found[3]), symbols=float(found[2]))

    def held_out(self, line: str) -> float | None:
        """See `Tool`: not printed."""
        return None

    def checkpoints(self, folder: Path) -> list[Path]:
        """See `Tool`: none are saved."""
        return []

    def shipped(self, folder: Path) -> list[Shipped]:
        """See `Tool`."""
        return []

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`: never called, because it has no models for decoding."""
        raise NotImplementedError

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`."""
        return None

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        return None
