from __future__ import annotations

from pathlib import Path

import pytest
import typer

from broken_code import PYTHON_TEXT, KnowsTheFix
from keyboard import Shell
from unspool.cli import repair as command
from unspool.errors import Mistake
from unspool.repair.fixer import write_symbols
from unspool.repair.languages import PYTHON, C
from unspool.repair.window import CodeSymbols

BROKEN = PYTHON_TEXT.replace("== 0:", "== 0")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "area.py"
    path.write_text(BROKEN)
    return path


@pytest.fixture
def fixer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_fixer", lambda *given: KnowsTheFix(PYTHON_TEXT))


def run(*files: Path, **options: object) -> int:
    given = {"model": None, "in_place": False, "check": False, "seconds": 10.0, "beam": 8, "threads": None} | options
    try:
        command.repair(list(files), **given)
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def test_a_repair_is_a_diff_and_the_file_stays(
    broken: Path, fixer: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(broken) == 0
    monkeypatch.chdir(broken.parent)
    assert run(broken) == 0
    first, second = capsys.readouterr().out.split("--- ")[1:]
    assert first.startswith(f"a{broken.as_posix()}\n") and second.startswith("a/area.py\n")
    assert "-    if width == 0  # nothing\n+    if width == 0:  # nothing\n" in second
    assert broken.read_text() == BROKEN


def test_a_repair_that_is_written_keeps_the_old_file(broken: Path, fixer: None) -> None:
    assert run(broken, in_place=True) == 0
    assert broken.read_text() == PYTHON_TEXT
    assert broken.with_name("area.py.orig").read_text() == BROKEN


def test_a_file_that_is_not_whole_afterwards_is_told_by_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_fixer", lambda *given: KnowsTheFix("x = = = 1\n"))
    path = tmp_path / "other.py"
    path.write_text("x = = = 1\n")
    assert run(path, in_place=True) == command.NOT_WHOLE
    assert path.read_text() == "x = = = 1\n" and "other.py:1:5: invalid syntax" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_file_that_compiles_is_left_alone_and_needs_no_model(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "area.py"
    path.write_text(PYTHON_TEXT)
    said = shell("repair", path, "--write")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_check_says_what_is_wrong_and_changes_nothing(shell: Shell, broken: Path) -> None:
    said = shell("repair", "--check", broken)
    assert said.code == command.NOT_WHOLE and said.out == ""
    assert said.err == f"{broken}:3:20: expected ':'\n"


def test_without_a_model_there_is_a_clear_line(broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Mistake, match="no model yet that repairs Python"):
        run(broken)
    (tmp_path / "mine").mkdir()
    with pytest.raises(Mistake, match="holds no model that repairs code"):
        run(broken, model=tmp_path / "mine")
    write_symbols(tmp_path / "mine", CodeSymbols(C, frozenset()))
    with pytest.raises(Mistake, match="repairs C, and this is Python"):
        run(broken, model=tmp_path / "mine")


def test_the_model_of_the_recipe_for_the_language_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, language in {"repair": PYTHON, "repair-pairs": C}.items():
        (tmp_path / "runs" / name).mkdir(parents=True)
        write_symbols(tmp_path / "runs" / name, CodeSymbols(language, frozenset()))
    assert command._trained_for(C) == Path("runs/repair-pairs")
    assert command._trained_for(PYTHON) == Path("runs/repair")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.py", b"x" * 10_000_000, "larger than 1 MB"),
        ("a.py", b"x = 1\0", "NUL byte"),
        ("a.py", b"a" + b".b" * 100_000, "a.py: It is nested more deeply"),
        ("a.c", b'#include "/dev/zero"\n', "a.c: It includes a file outside"),
        ("a.java", b"class A {}", "no language"),
    ],
)
def test_a_hostile_file_is_refused_in_two_lines(
    shell: Shell, tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = shell("repair", "--write", path)
    assert said.code == 2 and what in said.err and len(said.lines) == 2
    assert path.read_bytes() == content and sorted(tmp_path.iterdir()) == [path]


def test_a_file_that_is_refused_does_not_keep_others_from_their_repair(
    broken: Path, fixer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = broken.with_name("deep.py")
    deep.write_text("-" * 100_000 + "1")
    with pytest.raises(Mistake, match=r"deep\.py: It is nested"):
        run(deep, broken, deep)
    told = capsys.readouterr()
    assert "+    if width == 0:" in told.out and told.err.count("deep.py: It is nested") == 1


def test_a_diff_names_a_file_as_patch_reads_it(
    broken: Path, fixer: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spaced = broken.rename(broken.with_name("my area.py"))
    (spaced.parent / "below").mkdir()
    monkeypatch.chdir(spaced.parent / "below")
    assert run(Path("..") / spaced.name) == 0
    assert f"--- a{spaced.as_posix()}\t\n" in capsys.readouterr().out
