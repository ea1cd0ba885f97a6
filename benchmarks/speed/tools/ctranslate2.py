"""CTranslate2, int8: the fastest way to run a Transformer on a processor; OpenNMT-py trains it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.opennmt import OpenNMT
from benchmarks.speed.tools.tool import INSIDE, Shipped, program

SECONDS = re.compile(r"^decoded in ([\d.]+) s", re.MULTILINE)


class CTranslate2(OpenNMT):
    """A small Transformer: 3 + 3 layers of 256 with 4 heads."""

    name = "OpenNMT-py Transformer"
    package = "ctranslate2"
    longer = 3
    batches = (32, 128, 512)

    def network(self, job: Job) -> dict[str, Any]:
        """Another network, with the schedule that it needs."""
        return {
            "encoder_type": "transformer", "decoder_type": "transformer", "layers": 3, "hidden_size": 256,
            "word_vec_size": 256, "heads": 4, "transformer_ff": 1024, "position_encoding": True,
            "self_attn_type": "scaled-dot",
            "param_init": 0, "param_init_glorot": True, "dropout": [0.1], "attention_dropout": [0.1],
            "optim": "adam", "adam_beta1": 0.9, "adam_beta2": 0.998, "decay_method": "noam", "learning_rate": 1.0,
            "warmup_steps": 500, "label_smoothing": 0.1, "max_grad_norm": 1.0,
        }  # fmt: skip

    def shipped(self, folder: Path) -> list[Shipped]:
        """Converted, with weights as bytes."""
        out = folder / "ctranslate2"
        if not out.exists():
            script, model = str(INSIDE / "ctranslate2_convert.py"), str(self.checkpoints(folder)[-1])
            subprocess.run([program(self.home), script, model, str(out)], check=True)
        return [Shipped("CTranslate2, int8 Transformer", out)]

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """See `Tool`."""
        script = str(INSIDE / "ctranslate2_decode.py")
        return [program(self.home), script, str(shipped.model), str(source), str(answers), str(beam), str(batch)]

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """See `Tool`."""
        script = str(INSIDE / "ctranslate2_decode.py")
        return [program(self.home), script, str(shipped.model), str(source), "--each", str(beam)]

    def seconds(self, printed: str) -> float | None:
        """See `Tool`."""
        found = SECONDS.search(printed)
        return float(found[1]) if found else None
