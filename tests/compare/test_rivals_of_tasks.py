"""The rivals of each task are measured by the metrics that networks have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from unspool.compare.comparison import Comparison
from unspool.compare.rival_run import run_rival
from unspool.compare.run_result import RunResult
from unspool.compare.shared_data import share_data
from unspool.data.inputs import Files
from unspool.rivals.registry import rivals_of
from unspool.rivals.rival import KnownPairs


def results(path: Path, model: str) -> dict[str, RunResult]:
    data = share_data(Comparison(Files((path,)), path.parent / "out", (model,), 1, 1.0, {"data": {"held_out": 0.5}}))
    known = KnownPairs.of(data.fields, data.prepared.corpus)
    found = {name: run_rival(name, data, known) for name in rivals_of(data.task)}
    assert all(list(result.figures) == data.metrics for result in found.values())
    assert all(len(result.outcomes[data.metrics[0]]) == len(data.test) for result in found.values())
    return found


def table(folder: Path, rows: list[tuple[str, str]]) -> Path:
    path = folder / "table.tsv"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in rows), encoding="utf-8")
    return path


def test_labels(tmp_path: Path) -> None:
    rows = [
        (f"{'good' if number % 3 else 'bad'} film {number}", "pos" if number % 3 else "neg") for number in range(90)
    ]
    found = results(table(tmp_path, rows), "classifier")
    assert found["linear"].figures["accuracy"][0] == 100 > found["majority"].figures["accuracy"][0]


def test_tags(tmp_path: Path) -> None:
    rows = [(f"the can {number}", "D N X") if number % 2 else (f"I can {number}", "P V X") for number in range(80)]
    found = results(table(tmp_path, rows), "tagger")
    assert found["tag_ngram"].figures["accuracy"][0] > found["item_majority"].figures["accuracy"][0]


def test_running_text(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("the wheel spins and the thread winds. " * 440, encoding="utf-8")
    found = results(path, "graves")
    assert found["ngram"].figures["bits_per_character"][0] < 0.5 and not found["ngram"].answers


def test_series(tmp_path: Path) -> None:
    path, steps = tmp_path / "series.npz", np.arange(32)
    waves = [np.sin(2 * np.pi * (steps + shift) / 8) for shift in range(60)]
    sources, targets = (np.concatenate([wave[part] for wave in waves])[:, None] for part in (slice(24), slice(24, 32)))
    np.savez(path, values=sources, lengths=[24] * 60, target_values=targets, target_lengths=[8] * 60)
    found = results(path, "luong")
    assert found["seasonal_naive"].figures["rmse"][0] == pytest.approx(0, abs=1e-5)
    assert found["last_value"].figures["rmse"][0] > 0.5
