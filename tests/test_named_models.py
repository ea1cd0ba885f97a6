"""A model of the package is found by its name wherever a folder is asked for; a folder of that name goes before it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import unspool
from keyboard import without_extra
from unspool.data.sorted_table import read_sorted_table
from unspool.errors import Mistake
from unspool.named_models import BUNDLED, bundled_models, find_model, title_of

RELEASED = Path(__file__).parent / "folders" / "0.1.0"
NAME = "g2p-en"
MOST_BYTES = 3_000_000


def test_it_answers_from_its_dictionary_and_from_its_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model = unspool.load(NAME)
    [known, capital, new] = model.predict(["hello", "Hello", "blicket"], beam=5)
    assert known.text == capital.text == "HH AH0 L OW1" and known.hypotheses[0].origin == "lexicon"
    assert new.text.startswith("B L ") and new.hypotheses[0].origin is None
    [all_of_them] = model.predict(["read"], beam=3, n_best=3)
    assert [one.text for one in all_of_them.hypotheses] == ["R EH1 D", "R IY1 D"]
    assert model.predict(["hello"], lexicon=False)[0].hypotheses[0].origin is None


def test_a_folder_of_its_name_goes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_model(Path(NAME)) == BUNDLED / NAME
    shutil.copytree(RELEASED / "luong" / "exported", tmp_path / NAME)
    assert find_model(Path(NAME)) == Path(NAME)
    assert unspool.load(NAME).fields.source.summary != unspool.load(BUNDLED / NAME).fields.source.summary


def test_commands_take_its_name_without_pytorch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test.tsv").write_text("hello\tHH AH0 L OW1\n")
    (tmp_path / "words.txt").write_text("hello\n")
    said = without_extra("predict", NAME, "words.txt")
    assert (said.stdout, said.stderr) == ("HH AH0 L OW1\n", ""), "of one line there is nothing to say"
    assert without_extra("predict", NAME, NAME, "words.txt").stdout == "HH AH0 L OW1\n", "an ensemble"
    assert "100.00" in without_extra("evaluate", NAME, "test.tsv").stdout
    assert without_extra("score", NAME, "test.tsv").returncode == 0
    described = without_extra("describe", NAME).stdout
    assert "luong" in described and "README.md" in described and "int8" in described
    assert title_of(NAME) in without_extra("models").stderr


@pytest.mark.parametrize("words", [["export", NAME, "--to", "onnx"], ["train", "t.tsv", "--from", NAME, "--out", "o"]])
def test_what_an_export_cannot_do_it_cannot_either(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unspool.export.onnx import export
    from unspool.runs import begin

    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.tsv").write_text("".join(f"{word}\tAA1\n" for word in "abcdefghijklmnopqrstuvwxyz"))
    with pytest.raises(Mistake):
        if words[0] == "export":
            export(NAME)
        else:
            from unspool.data.inputs import Files

            files = Files((Path("t.tsv"),))
            begin(files, Path("o"), {}, start_from=Path(NAME), on_report=print, on_message=print)


def test_a_server_calls_it_by_its_name() -> None:
    from unspool.serve.server import names_of

    assert names_of([NAME, f"english={NAME}"]) == {NAME: BUNDLED / NAME, "english": BUNDLED / NAME}


def test_another_name_is_still_a_missing_folder() -> None:
    with pytest.raises(Mistake, match="no model at g2p-xx"):
        unspool.load("g2p-xx")


@pytest.mark.parametrize("name", list(bundled_models()))
def test_it_is_small_whole_and_has_its_card_and_its_notice(name: str) -> None:
    folder = BUNDLED / name
    assert sum(file.stat().st_size for file in folder.iterdir()) < MOST_BYTES
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert all(part in card for part in ("model-index:", "license:", "## Limits", "95 %", "configs/"))
    assert "Carnegie Mellon University" in (folder / "LICENSE-CMUdict.txt").read_text()
    for file in folder.glob("*.onnx"):
        assert b"site-packages" not in file.read_bytes() and b'.py"' not in file.read_bytes()


def test_its_dictionary_is_sorted_and_as_the_model_reads_it() -> None:
    table, fields = read_sorted_table(BUNDLED / NAME / "dictionary.tsv.gz"), unspool.load(NAME).fields
    words = list(table)
    assert len(words) > 120_000 and words == sorted(words, key=str.encode)
    some = words[::997]
    assert [fields.source.comparable(word) for word in some] == some
    known = {str(symbol) for symbol in fields.target.answer_tokenizer().written()}
    assert {sound for word in some for answer in table[word] for sound in answer.split()} <= known
