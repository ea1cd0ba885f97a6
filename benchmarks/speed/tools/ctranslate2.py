"""CTranslate2, int8: the fastest way to run a Transformer on a CPU; eole trains it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.speed.jobs import Job
from benchmarks.speed.tools.eole import Eole
from benchmarks.speed.tools.tool import INSIDE, Shipped, program

SECONDS = re.compile(r"^decoded in ([\d.]+) s", re.MULTILINE)


@dataclass(frozen=True)
class CTranslate2(Eole):
    """A small Transformer: 3 + 3 layers of 256 with 4 heads.

    It needs more updates than recurrent networks; with these it reaches their quality or a better one.
    """

    precision: Literal["fp32", "bf16"] = "bf16"
    network: Literal["rnn", "transformer"] = "transformer"
    package = "ctranslate2"
    longer = 10
    batches = (32, 128, 512)

    def schedule(self, job: Job) -> dict[str, Any]:
        """The learning rate schedule that a Transformer needs (Vaswani et al. 2017, section 5.3)."""
        return {
            "dropout": [0.1], "attention_dropout": [0.1], "optim": "adam", "adam_beta1": 0.9, "adam_beta2": 0.998,
            "decay_method": "noam", "learning_rate": 1.0, "warmup_steps": 500, "label_smoothing": 0.1,
            "max_grad_norm": 1.0,
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
