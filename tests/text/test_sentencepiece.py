from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest
import sentencepiece

from unspool.errors import Mistake
from unspool.text import registry
from unspool.text.sentencepiece_model import SentencePieceTokenizer
from unspool.types import UNK

TEXTS = ["The cat sleeps on the mat.", "고양이가 매트 위에서 잔다.", "A cat, 3 mats ﬁne", "  고양이  둘 ", ""]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    draw, folder = random.Random(1), tmp_path_factory.mktemp("subwords")
    words = [
        "the",
        "cat",
        "sleeps",
        "on",
        "a",
        "mat",
        "and",
        "고양이가",
        "매트",
        "위에서",
        "잔다",
        "개는",
        "집에",
        "있다",
        ".",
    ]
    (folder / "text.txt").write_text("\n".join(" ".join(draw.choices(words, k=8)) for _ in range(300)))
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "text.txt"), model_prefix=str(folder / "both"), vocab_size=45, minloglevel=2, num_threads=1
    )
    return folder / "both.model"


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_and_texts_are_the_librarys_own(path: Path, text: str):
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(path))
    ours = registry.fit(str(path), [], size=0, min_count=1)
    pieces = [theirs.id_to_piece(number) for number in theirs.encode(text)]
    expected = ["<unk>" if piece == "<unk>" else piece.replace("▁", " ") for piece in pieces]
    assert ours.tokens(ours.encode(text)) == expected
    assert ours.decode(ours.encode(text)) == theirs.decode(theirs.encode(text))
    assert [*ours.encode_many(TEXTS)] == [ours.encode(each) for each in TEXTS]


def test_an_unknown_piece_takes_its_replacement(path: Path):
    ours = SentencePieceTokenizer.read(path)
    ids = ours.encode("the 猫 sleeps")
    assert UNK in ids
    assert ours.decode(ids, {ids.index(UNK): "cat"}) == "the cat sleeps"


def test_the_trained_folder_holds_the_whole_model(path: Path):
    ours = SentencePieceTokenizer.read(path)
    for copy in (registry.from_json(ours.to_json()), pickle.loads(pickle.dumps(ours))):
        assert copy.encode(TEXTS[0]) == ours.encode(TEXTS[0]) and len(copy) == len(ours)


@pytest.mark.parametrize("size", [0, 1, 100, 5000])
def test_a_truncated_model_is_a_mistake(path: Path, tmp_path: Path, size: int):
    damaged = tmp_path / "damaged.model"
    damaged.write_bytes(path.read_bytes()[:size])
    if size < 5000:
        with pytest.raises(Mistake, match=r"damaged\.model: It is not a sentencepiece model"):
            SentencePieceTokenizer.read(damaged)


def test_wrong_json_a_missing_file_and_a_missing_library_are_mistakes(path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Mistake, match=r"The subwords cannot be read\."):
        registry.from_json({"kind": "sentencepiece", "model": "?"})
    with pytest.raises(Mistake, match=r"The subwords nowhere\.model cannot be read"):
        registry.fit("nowhere.model", [], size=0, min_count=1)
    monkeypatch.setitem(__import__("sys").modules, "sentencepiece", None)
    with pytest.raises(Mistake, match=r"pip install 'unspool\[sentencepiece\]'"):
        SentencePieceTokenizer.read(path)


def test_a_pattern_needs_other_symbols(path: Path):
    with pytest.raises(Mistake, match=r"--allow FILE"):
        SentencePieceTokenizer.read(path).written()
