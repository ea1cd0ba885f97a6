"""Every sample in the documents runs. What a remark before a fence means stands in `documented`."""

from __future__ import annotations

from pathlib import Path

import pytest

from documented import REPOSITORY, Block, Page, blocks_of, unknown_flags

DOCUMENTS = [
    file
    for pattern in ("README.md", "README.ko.md", "ARCHITECTURE.md", "docs/**/*.md")
    for file in sorted(REPOSITORY.glob(pattern))
]


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def name_of(document: Path) -> str:
    return document.relative_to(REPOSITORY).as_posix()


def repeats_its_original(document: Path) -> bool:
    """Whether a translation shows the samples of its original, letter for letter: those have been run there."""
    original = document.with_name(document.name.replace(".ko.md", ".md"))
    return (
        original != document
        and original.exists()
        and [(block.code, block.remark) for block in blocks_of(text_of(original))]
        == [(block.code, block.remark) for block in blocks_of(text_of(document))]
    )


SAMPLES = [
    pytest.param(document, block, id=f"{name_of(document)}:{block.line}")
    for document in DOCUMENTS
    for block in blocks_of(text_of(document))
]


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory):
    """One page a document, kept while its samples run."""
    pages: dict[Path, Page] = {}

    def page(document: Path) -> Page:
        if document not in pages:
            folder = tmp_path_factory.mktemp(document.stem)
            pages[document] = Page(name_of(document), text_of(document), folder)
        return pages[document]

    return page


@pytest.mark.slow
@pytest.mark.parametrize(("document", "block"), SAMPLES)
def test_a_sample_runs(document: Path, block: Block, page_of) -> None:
    if block.remark.startswith("not run"):
        pytest.skip(block.remark)
    if block.language == "python" and not block.remark.startswith("line"):
        compile(block.code, name_of(document), "exec")
    elif block.language != "toml":
        assert not unknown_flags(block.tested)
    if block.remark.startswith("long"):
        pytest.skip(f"only its syntax is checked: {block.remark}")
    if repeats_its_original(document):
        pytest.skip("the original's samples are the same")
    page_of(document).run(block)
