"""The notebooks run from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from documented import REPOSITORY, Desk

NOTEBOOKS = sorted(REPOSITORY.glob("docs/**/*.ipynb"))
# A test trains for as long as it takes to see that a cell runs.
BRIEFLY = {'"training.max_updates": 240': '"training.max_updates": 8'}


def cells_of(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def briefly(code: str) -> str:
    for long, brief in BRIEFLY.items():
        code = code.replace(long, brief)
    return code


def test_every_notebook_is_found_and_can_be_made_brief() -> None:
    assert NOTEBOOKS
    assert all(any(briefly(cell) != cell for cell in cells_of(notebook)) for notebook in NOTEBOOKS)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number, code in enumerate(cells_of(notebook), 1):
        desk.python(briefly(code), f"{notebook.name}, code cell {number}")
    assert len(desk.names["answers"].splitlines()) == 2
