"""Laws about the pages that people read first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from documented import REPOSITORY
from unspool.models.registry import models

READMES = ["README.md", "README.ko.md"]
PAGES = [
    file
    for pattern in ("*.md", "benchmarks/README.md", "docs/**/*.md")
    for file in sorted(REPOSITORY.glob(pattern))
    if file.name != "CHANGELOG.md"
]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)|<img src=\"([^\"]+)\"")


def text_of(page: Path) -> str:
    """A page without its fenced blocks, in which brackets and # mean something else."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", READMES)
def test_a_readme_has_at_most_150_lines(name: str) -> None:
    assert len((REPOSITORY / name).read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("name", [*READMES, "docs/reference/models.md"])
@pytest.mark.parametrize("model", models())
def test_a_table_of_models_has_a_row_for_every_model(name: str, model: str) -> None:
    rows = re.findall(rf"^\| `{model}`.*$", (REPOSITORY / name).read_text(encoding="utf-8"), re.MULTILINE)
    entry = models()[model]
    assert len(rows) == 1 and entry.paper in rows[0] and str(entry.year) in rows[0] and entry.arxiv in rows[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_a_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    broken = []
    for path, anchor, picture in LINK.findall(text_of(page)):
        target = (page.parent / (path or picture)).resolve() if path or picture else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{path or picture}#{anchor}")
    assert not broken


def test_the_glossary_has_every_letter_in_korean_too() -> None:
    rows = re.findall(r"^\| (\w) \| (\S[^|]*) \|", (REPOSITORY / "docs/reference/glossary.md").read_text("utf-8"), re.M)
    assert [letter for letter, korean in rows if re.search("[가-힣]", korean)] == list("BSTKRNWDVHLFM")
