"""Every sample in the documents runs. What a remark before a fence means stands in `documented`."""

from __future__ import annotations

from pathlib import Path

import pytest

from documented import REPOSITORY, Block, Page, blocks_of, samples_of, unknown_flags

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


PAGES = [document for document in DOCUMENTS if samples_of(text_of(document))]
SAMPLES = [
    pytest.param(document, block, id=f"{name_of(document)}:{block.line}")
    for document in DOCUMENTS
    for block in blocks_of(text_of(document))
    if not block.remark.startswith("not run")
]


@pytest.mark.slow
@pytest.mark.parametrize(("document", "block"), SAMPLES)
def test_a_sample_is_valid(document: Path, block: Block) -> None:
    if block.language == "python" and not block.remark.startswith("line"):
        compile(block.code, name_of(document), "exec")
    elif block.language != "toml":
        assert not unknown_flags(block.tested)


# One test a page: samples build on one another, and two processes would run them twice.
@pytest.mark.slow
@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_the_samples_of_a_page_run(document: Path, tmp_path: Path) -> None:
    if repeats_its_original(document):
        pytest.skip("the original's samples are the same")
    page = Page(name_of(document), text_of(document), tmp_path)
    for block in page.blocks:
        try:
            page.run(block)
        except Exception as error:
            error.add_note(f"The sample is in {page.name}, line {block.line}.")
            raise
