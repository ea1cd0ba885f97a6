"""Damaged inputs of every kind end with exit code 0 or 2 and a clear line, in bounded time and memory.

A few cases of each subject run with all tests; all of them with `pytest -m exhaustive tests/damage` (3,000 cases).
To add a kind of file, write a file like `tables.py` and add its subjects to `SUBJECTS`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from damage import arrays, artifacts, ink, sequences, tables, texts
from damage.run_case import complaint
from damage.subject import Case, Subject
from keyboard import Shell

SUBJECTS: list[Subject] = [
    *tables.SUBJECTS, *texts.SUBJECTS, *arrays.SUBJECTS, *sequences.SUBJECTS, *artifacts.SUBJECTS, *ink.SUBJECTS,
]  # fmt: skip
SAMPLE, PIECE, ALL = 3, 50, 3000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="time and memory are measured as Linux does")


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """What a first training imports takes seconds, which no case should be charged for."""
    importlib.import_module("torch._dynamo")
    importlib.import_module("unspool.runs")


def complaints(cases: list[Case], shell: Shell, tmp_path: Path) -> list[str]:
    return [wrong for case in cases if (wrong := complaint(case, shell, tmp_path / "case"))]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_a_sample_of_damaged_inputs_is_met_well(subject: Subject, shell: Shell, tmp_path: Path) -> None:
    found = complaints([Case(number, subject) for number in range(SAMPLE)], shell, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.exhaustive
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
@pytest.mark.parametrize("piece", range(-(-ALL // PIECE // len(SUBJECTS))))
def test_all_damaged_inputs_are_met_well(subject: Subject, piece: int, shell: Shell, tmp_path: Path) -> None:
    numbers = range(piece * PIECE, (piece + 1) * PIECE)
    found = complaints([Case(number, subject) for number in numbers], shell, tmp_path)
    assert not found, f"{len(found)} of {PIECE}:\n" + "\n".join(found)
