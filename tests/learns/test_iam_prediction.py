"""The configuration of the prediction network at Graves's own scale trains on a folder of IAM-OnDB as it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import unspool
from documented import REPOSITORY
from drawn import iam_folder


def test_a_few_steps_at_the_papers_scale_and_nats_a_line(tmp_path: Path) -> None:
    run = unspool.train(
        iam_folder(tmp_path / "iam"), out=tmp_path / "run", config=REPOSITORY / "configs" / "iam-ondb-prediction.toml",
        valid=tmp_path / "iam", settings={"training.max_updates": 2, "decoding.max_length": 5}, progress=False,
    )  # fmt: skip
    settings: Any = run.config.model
    assert (settings.name, settings.layers, settings.size, settings.components) == ("graves", 3, 400, 20)
    figures, points = run.evaluate(tmp_path / "iam"), 7
    assert figures["nll_per_sequence"] == pytest.approx(figures["nll"] * points, rel=0.5)
