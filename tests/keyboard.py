"""What a person types and reads: small settings for quick training, and what a command said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

TINY = [
    word
    for setting in (
        "model.embedding_size=16", "model.encoder_size=32", "model.decoder_size=32", "training.max_updates=60",
        "training.batch_symbols=512", "training.precision=fp32", "training.warmup_updates=5",
        "training.learning_rate=0.01", "training.averaging=0.9",
    )
    for word in ("--set", setting)
]  # fmt: skip

BLOCKED = """
import sys
for name in ("torch", "safetensors", "tensorboard", "matplotlib", "onnx", "onnxscript"):
    sys.modules[name] = None
from unspool.cli.main import main
main()
"""


def without_extra(*words: object) -> subprocess.CompletedProcess[str]:
    """A command where only the base install is there: no PyTorch, nothing of the extra 'train'."""
    return subprocess.run([sys.executable, "-c", BLOCKED, *map(str, words)], capture_output=True, text=True, timeout=60)


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


Shell = Callable[..., Said]
