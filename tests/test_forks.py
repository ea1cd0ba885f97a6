"""A process that is forked answers as its parent does, and with the parent's model: threads do not survive a fork."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODEL = Path(__file__).parent / "folders" / "0.1.0" / "luong"
# Enough work for every library to start its threads before the fork.
SCRIPT = """
import multiprocessing, sys
import unspool
model, words = unspool.load(sys.argv[1], "cpu"), ["abc", "fade", "beef"] * 20
if "torch" in sys.modules:
    import torch
    torch.set_num_threads(2)
    torch.tanh(torch.randn(2000, 2000))
answers = lambda: [prediction.text for prediction in model.predict(words)]
right = answers()
context = multiprocessing.get_context("fork")
queue = context.Queue()
worker = context.Process(target=lambda: queue.put(answers()))
worker.start()
found = queue.get(timeout=60)
worker.join()
assert found == right and worker.exitcode == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.parametrize("form", ["trained", "exported"])
def test_a_forked_worker_answers(form: str) -> None:
    alone = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(MODEL / form)], env=alone, capture_output=True, timeout=100
    )
    assert done.returncode == 0, done.stderr.decode()[-800:]
