from __future__ import annotations

from pathlib import Path

import pytest

import unspool
from keyboard import Said, Shell

TINY = {"model.embedding_size": 8, "model.encoder_size": 8, "model.decoder_size": 8, "training.max_updates": 3}
PAIRS = [
    (f"The {word} is {how} today .", f"{how} {word} .")
    for word in ("cat", "dog", "sun")
    for how in ("red", "old", "new")
]


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translator") / "run"
    data = {"data.source_tokenizer": "words", "data.target_tokenizer": "bpe", "data.subword_size": 300}
    unspool.train(PAIRS * 3, out=folder, settings=TINY | data, progress=False)
    return folder


def test_a_document_keeps_its_layout_and_a_list_of_lines_stays_one(shell: Shell, translator: Path, tmp_path: Path):
    text = "# The cat is red today .\n\n```\nthe dog\n```\n"
    for name in ("a.md", "a.txt"):
        (tmp_path / name).write_text(text)
    said = shell("predict", translator, tmp_path / "a.md")
    lines = said.out.split("\n")
    assert said.code == 0 and lines[0].startswith("# ") and lines[1:] == ["", "```", "the dog", "```", ""]
    assert "1 sentence was translated." in said.lines
    listed = shell("predict", translator, tmp_path / "a.txt").out.split("\n")
    assert len(listed) == len(lines) and listed[3] != "the dog"
    typed = shell("predict", translator, "--document", stdin=b"The cat is red today .\n\n42\n")
    assert typed.out.split("\n")[1:] == ["", "42", ""]


def test_what_does_not_go_with_documents_is_refused(shell: Shell, translator: Path, tmp_path: Path):
    for name in ("a.md", "a.txt", "a.pdf"):
        (tmp_path / name).write_text("the cat .\n")
    refused: dict[str, Said] = {
        "--json cannot be combined with documents.": shell("predict", translator, tmp_path / "a.md", "--json"),
        "is a file of lines.": shell("predict", translator, tmp_path / "a.md", tmp_path / "a.txt"),
        "is none of the documents that can be translated.": shell(
            "predict", translator, "--document", tmp_path / "a.pdf"
        ),
        "There is no file": shell("predict", translator, "--document", tmp_path / "b.txt"),
    }
    for what, said in refused.items():
        assert said.code == 2 and what in said.err and not said.out


def test_a_paragraph_gives_a_paragraph(translator: Path):
    model = unspool.load(translator)
    text = " ".join(source for source, _ in PAIRS[:4])
    assert model.metadata.longest_source == 6 and model.metadata.left_out is None
    (answer,) = model.predict([text])
    assert answer.source == text and len(answer.source_tokens) == 24
    parts = [one.text for one in model.predict([source for source, _ in PAIRS[:4]])]
    assert answer.text == " ".join(parts)
    (said,) = answer.hypotheses
    assert said.attention.shape == (len(said.tokens) + said.finished, 24)
