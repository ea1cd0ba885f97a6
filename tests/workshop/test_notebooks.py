"""The notebooks run from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from documented import REPOSITORY, Desk

NOTEBOOKS = sorted(REPOSITORY.glob("docs/**/*.ipynb"))
TRANSLATED = [notebook for notebook in NOTEBOOKS if notebook.name.endswith(".ko.ipynb")]
# A test trains for as long as it takes to see that a cell runs.
BRIEFLY = {'"training.max_updates": 240': '"training.max_updates": 8'}


def original_of(notebook: Path) -> Path:
    return notebook.with_name(notebook.name.replace(".ko.", "."))


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def cells_of(notebook: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in code_cells(notebook)]


def briefly(code: str) -> str:
    for long, brief in BRIEFLY.items():
        code = code.replace(long, brief)
    return code


def test_every_notebook_is_found_and_can_be_made_brief() -> None:
    assert NOTEBOOKS
    assert all(any(briefly(cell) != cell for cell in cells_of(notebook)) for notebook in NOTEBOOKS)


@pytest.mark.parametrize("notebook", TRANSLATED, ids=lambda notebook: notebook.stem)
def test_a_translation_has_the_cells_of_its_original_and_shows_the_same(notebook: Path) -> None:
    assert code_cells(notebook) == code_cells(original_of(notebook))


@pytest.mark.slow
@pytest.mark.parametrize(
    "notebook", [one for one in NOTEBOOKS if one not in TRANSLATED], ids=lambda notebook: notebook.stem
)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number, code in enumerate(cells_of(notebook), 1):
        desk.python(briefly(code), f"{notebook.name}, code cell {number}")
    assert len(desk.names["answers"].splitlines()) == 2
