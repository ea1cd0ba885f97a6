"""How a table is read: flags of every command, names that training saw, and standard input."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from keyboard import TINY, Shell

SHORT = [*TINY, "--set", "training.max_updates=2"]


def cells(pairs: Path, *, turned: bool = False, delimiter: str = ",") -> str:
    rows = [line.split("\t") for line in pairs.read_text().splitlines()]
    return "".join(f"{delimiter.join(row[::-1] if turned else row)}\n" for row in [["word", "back"], *rows])


@pytest.fixture(scope="module")
def named_once(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained model as if a header had named its columns."""
    import shutil

    folder = Path(shutil.copytree(trained_once, tmp_path_factory.mktemp("named") / "run"))
    run = json.loads((folder / "run.json").read_text())
    run["facts"]["columns"] = {"source": ["word"], "target": ["back"]}
    (folder / "run.json").write_text(json.dumps(run))
    return folder


def test_training_remembers_the_names_of_a_header(shell: Shell, pairs: Path, tmp_path: Path) -> None:
    table = tmp_path / "named.csv"
    table.write_text(cells(pairs))
    assert shell("train", table, "--out", tmp_path / "run", *SHORT).code == 0
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert run["facts"]["columns"] == {"source": ["word"], "target": ["back"]}
    table.write_text(cells(pairs).replace("word,back", "word,bakc"))
    said = shell("train", table, "--from", tmp_path / "run", "--out", tmp_path / "more", *SHORT)
    assert said.code == 2 and "no column 'back'" in said.err


@pytest.mark.parametrize("command", ["evaluate", "score", "predict"])
def test_the_names_of_training_find_their_columns(
    command: str, shell: Shell, named_once: Path, pairs: Path, tmp_path: Path
) -> None:
    straight, turned, missing = (tmp_path / name for name in ("straight.csv", "turned.csv", "missing.csv"))
    straight.write_text(cells(pairs))
    turned.write_text(cells(pairs, turned=True))
    missing.write_text(cells(pairs).replace("word,back", "wodr,back"))

    def told(*words: object) -> list[str]:
        said = shell(command, named_once, *words)
        assert said.code == 0, said
        return [line for line in said.out.splitlines() if not line.startswith("seconds")]

    assert told(straight) == told(turned)
    said = shell(command, named_once, missing)
    assert said.code == 2 and "no column 'word', which was the source in training" in said.err
    assert told(missing, "--columns", "source=wodr,target=back") == told(straight)
    semicolons = tmp_path / "semicolons.csv"
    semicolons.write_text(cells(pairs, delimiter=";"))
    assert told(semicolons, "--delimiter", "semicolon") == told(straight)
    without = tmp_path / "without.csv"
    without.write_text(cells(pairs).removeprefix("word,back\n"))
    assert told(without, "--header", "no") == told(straight)


def test_lines_that_are_typed_are_never_taken_for_a_header(shell: Shell, named_once: Path) -> None:
    assert len(shell("predict", named_once, stdin=b"word\nback\n").out.splitlines()) == 2
    assert len(shell("predict", named_once, "--header", "yes", stdin=b"back\tword\nx\tab\n").out.splitlines()) == 1
    picked = shell("predict", named_once, "--columns", "source=2", stdin=b"x\tbade\n").out
    assert picked == shell("predict", named_once, stdin=b"bade\n").out


def test_an_encoding_is_recognised_said_and_read(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "korean.tsv"
    table.write_bytes("".join(f"하나{number}\t둘{number}\n" for number in range(30)).encode("cp949"))
    said = shell("train", table, "--out", tmp_path / "run", *SHORT)
    assert said.code == 2 and "Korean text in cp949" in said.err and "--encoding cp949" in said.err
    assert shell("train", table, "--out", tmp_path / "run", "--encoding", "cp949", *SHORT).code == 0
    assert shell("evaluate", tmp_path / "run", table).code == 2
    said = shell("evaluate", tmp_path / "run", table, "--encoding", "cp949")
    assert said.code == 0 and "never saw" not in said.err
    assert "Hangul" in shell("describe", table, "--encoding", "cp949").out


@pytest.mark.parametrize("command", ["evaluate", "score", "describe"])
def test_standard_input_is_data(command: str, shell: Shell, trained_once: Path, pairs: Path) -> None:
    model = [] if command == "describe" else [trained_once]
    said = shell(command, *model, "-", stdin=pairs.read_bytes())
    assert said.code == 0 and (said.out.count("\n") == 200 if command == "score" else " 200\n" in said.out), said


def test_a_model_of_standard_input_is_resumed_with_the_same_data(shell: Shell, pairs: Path, tmp_path: Path) -> None:
    train = ["train", "--out", tmp_path / "run", *SHORT]
    said = shell(*train, "-", stdin=pairs.read_bytes())
    assert said.code == 0 and "190 pairs" in said.err
    said = shell(*train, "--resume", "-", "--set", "training.max_updates=3", stdin=pairs.read_bytes())
    assert said.code == 0 and "Trained for" in said.err
    said = shell("train", "--out", tmp_path / "run", "--resume")
    assert said.code == 2 and "came from -, which could be read only once" in said.err


def test_a_file_whose_name_is_no_utf_8(shell: Shell, trained: Path, pairs: Path, tmp_path: Path) -> None:
    odd, out = (tmp_path / os.fsdecode(name) for name in (b"\xc7\xd1.tsv", b"\xb1\xdb"))
    odd.write_bytes(pairs.read_bytes())
    for words in (["train", odd, "--out", tmp_path / "new", *SHORT], ["describe", odd], ["predict", trained, odd]):
        assert shell(*words).code == 0, words
    assert shell("train", "--resume", "--out", tmp_path / "new").code == 0
    trained.rename(out)
    assert "is not UTF-8" in shell("predict", out, odd).err and shell("describe", out).code == 0
    said = shell("describe", odd.with_name(odd.name + "x"))
    assert said.code == 2 and "There is no file" in said.err
    said = shell("train", pairs, "--out", tmp_path / os.fsdecode(b"\xc1"), *SHORT)
    assert said.code == 2 and r"\udcc1' is not UTF-8" in said.err


def test_a_dictionary_is_read_once(
    shell: Shell, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unspool.data import dictionary

    read: list[Path] = []
    real = dictionary.read_dictionary
    monkeypatch.setattr(dictionary, "read_dictionary", lambda path: read.append(path) or real(path))
    (tmp_path / "words.tsv").write_text("a\tb\n")
    said = shell("predict", trained, "--replace-unknown", tmp_path / "words.tsv", stdin=b"bade\n" * 3000)
    assert said.code == 0 and len(said.out.splitlines()) == 3000
    assert len(read) == 1


@pytest.mark.parametrize(
    "command", [("tune", "--trials", 1), ("compare", "--models", "luong")], ids=lambda words: words[0]
)
def test_searches_and_comparisons_read_other_encodings_too(command: tuple, shell: Shell, tmp_path: Path) -> None:
    data = tmp_path / "korean.tsv"
    data.write_bytes("서울\t울서\n".encode("cp949"))
    words = [*command, data, "--out", tmp_path / "out", "--minutes", 1]
    assert "--encoding cp949" in shell(*words).err
    read = shell(*words, "--encoding", "cp949")
    assert read.code == 2 and "only one distinct source" in read.err, read.err
